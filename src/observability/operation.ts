import { statuses } from '../shared/statuses.ts';

/** What an operation is; `none` where a request never got so far as to be one. */
export type OperationType = 'query' | 'mutation' | 'subscription' | 'verify' | 'introspect' | 'revocations' | 'none';

/** What one field of a mutation came to; the outcome is null while it is not known, or when it threw. */
export type MutationNote = { readonly field: string; outcome: string | null };

/** What is known of a request for the API: gathered on its way, reported when it has been answered. Never a secret. */
export type Operation = {
  readonly requestId: string;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly address: string | null;
  type: OperationType;
  /** As the document has it, at most 100 characters; null: it has none. */
  name: string | null;
  userId: number | null;
  tokenId: string | null;
  /** The code of the first error that the client got. */
  error: string | null;
  readonly mutations: MutationNote[];
  /** Whether the answer comes bit by bit, and so ends after the request has been handled. */
  isStream: boolean;
};

const MAX_NAME = 100;

/** A request as it arrives. */
export const beginOperation = (requestId: string, address: string | null): Operation => ({
  requestId,
  startedAt: performance.now(),
  address,
  type: 'none',
  name: null,
  userId: null,
  tokenId: null,
  error: null,
  mutations: [],
  isStream: false,
});

/** Notes what is asked for. @param name is a GraphQL name: letters, digits and underscores */
export function nameOperation(operation: Operation, type: OperationType, name: string | undefined): void {
  operation.type = type;
  operation.name = name?.slice(0, MAX_NAME) ?? null;
}

/** What it came to: the first error's code, else the first status of a mutation that is not 200, else OK. */
export function outcomeOf({ error, mutations }: Operation): string {
  if (error !== null) return error;
  return mutations.find(({ outcome }) => outcome !== null && outcome !== 'OK')?.outcome ?? 'OK';
}

/** The codes of errors.ts. */
const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'THROTTLED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
];

/** The outcome of a mutation's status. */
export const outcomeOfStatus = (code: string): string => (code === '200 OK' ? 'OK' : code);

const statusCodes = Object.values(statuses).map((status) => (typeof status === 'function' ? status(1) : status).code);

const outcomes = new Set(['OK', ...errorCodes, ...statusCodes.map(outcomeOfStatus)]);

/** The outcome as a label, from a fixed list: clients cannot add to it. */
export const labelOf = (outcome: string): string => (outcomes.has(outcome) ? outcome : 'OTHER');
