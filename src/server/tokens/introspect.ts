import type { IncomingMessage } from 'node:http';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { readAuthorization } from '../authentication/authorization-header.ts';
import type { Identify } from '../authentication/identify.ts';
import { type Answer, refusalOf, serveRoute } from './answer.ts';
import { claimsOf } from './claims.ts';
import { SCHEMES } from './verify.ts';

/** The scope that the caller's own token needs. */
export const INTROSPECT = 'introspect';

/** Bytes. A token has 150 at most. */
const MAX_BODY = 10_000;

const FORM = /^application\/x-www-form-urlencoded(?:;|$)/i;

type Options = { readonly identify: Identify; readonly observer: Observer; readonly log: Log };

/** `/introspect` is RFC 7662: says of a token in a form what it stands for, to callers with the scope `introspect`. */
export function createIntrospect({ identify, observer, log }: Options) {
  return serveRoute({ observer, log, type: 'introspect' }, async (request, operation) => {
    const { viewer, refusal } = await identify(readAuthorization(request.headers.authorization, SCHEMES), operation);
    if (!viewer) return refusalOf(refusal);
    if (!viewer.scopes.includes(INTROSPECT)) return failure(403, 'FORBIDDEN');
    if (request.method !== 'POST') return { ...failure(405, 'BAD_REQUEST'), headers: { Allow: 'POST' } };
    if (!FORM.test(request.headers['content-type'] ?? '')) return failure(415, 'BAD_REQUEST');
    const body = await readShort(request);
    if (body === null) return { ...failure(413, 'BAD_REQUEST'), headers: { Connection: 'close' } };
    const tokens = new URLSearchParams(body).getAll('token');
    const [key] = tokens;
    if (key === undefined || tokens.length > 1) return failure(400, 'BAD_REQUEST');
    const asked = await identify({ key }, { ...operation });
    return { status: 200, body: asked.viewer ? claimsOf(asked.viewer) : { active: false } };
  });
}

const failure = (status: number, reason: string): Answer => ({ status, body: { active: false, reason } });

/** A body as text; null when it is too long, or breaks off. */
async function readShort(request: IncomingMessage): Promise<string | null> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('latin1')) {
      text += chunk;
      if (text.length > MAX_BODY) return null;
    }
    return text;
  } catch {
    return null;
  }
}
