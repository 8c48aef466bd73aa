import type { Operation } from './graphql.ts';
import { dropToken, type SignedOut, token } from './session.ts';

/** Milliseconds; a login waits for a hash, which may have to wait for its turn. */
const PATIENCE = 20_000;

/** Why the server did not do what was asked, as far as people care. */
export type Trouble = 'offline' | 'busy' | 'throttled' | 'forbidden' | 'signed-out' | 'bad-input' | 'broken';

/** An answer that was none. */
export class Failure extends Error {
  readonly trouble: Trouble;
  /** Seconds to wait; null: unknown. */
  readonly retryAfter: number | null;

  constructor(trouble: Trouble, message = '', retryAfter: number | null = null) {
    super(message);
    this.trouble = trouble;
    this.retryAfter = retryAfter;
  }
}

type Refusal = { message: string; extensions?: { code?: string; reason?: string; retryAfter?: number } };

const troubles: Readonly<Record<string, Trouble>> = {
  UNAUTHENTICATED: 'signed-out',
  FORBIDDEN: 'forbidden',
  THROTTLED: 'throttled',
  SERVICE_UNAVAILABLE: 'busy',
  BAD_USER_INPUT: 'bad-input',
};

/** Asks the API. @throws Failure */
export async function ask<Result, Variables>({ text }: Operation<Result, Variables>, variables: Variables): Promise<Result> {
  const used = token();
  const { data, errors } = await exchange<Result>(JSON.stringify({ query: text, variables }), used);
  const [error] = errors ?? [];
  if (error) throw failureOf(error, used);
  if (!data) throw new Failure('broken');
  return data;
}

async function exchange<Result>(body: string, key: string | null): Promise<{ data?: Result | null; errors?: Refusal[] }> {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ...(key && { Authorization: `Token ${key}` }) };
  let response: Response;
  try {
    response = await fetch('/graphql', { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Failure('offline');
  }
  return response.json().catch(() => Promise.reject(new Failure(response.status >= 500 ? 'busy' : 'broken')));
}

function failureOf({ message, extensions: { code = '', reason = '', retryAfter } = {} }: Refusal, used: string | null): Failure {
  const trouble = troubles[code] ?? 'broken';
  if (trouble === 'signed-out' && used !== null && used === token()) endSession(reason);
  return new Failure(trouble, message, retryAfter ?? null);
}

const reasons: Readonly<Record<string, SignedOut>> = { EXPIRED: 'EXPIRED', INACTIVE: 'INACTIVE' };

function endSession(reason: string): void {
  dropToken(reasons[reason] ?? 'REVOKED');
  dispatchEvent(new Event('session-ended'));
}

/** What every mutation answers with. */
export type Payload = {
  readonly status: { readonly code: string; readonly message: string; readonly retryAfter: number | null };
  readonly errors: readonly { readonly field: string | null; readonly code: string; readonly message: string }[];
};

export const isDone = ({ status }: Payload): boolean => status.code.startsWith('200');

/** A field that is null only along with an error, which `ask` has thrown. */
export function must<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Failure('broken');
  return value;
}
