import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenWatch, Viewer } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { readAuthorization } from '../authentication/authorization-header.ts';
import type { Identify } from '../authentication/identify.ts';
import { refusalOf, serveRoute } from './answer.ts';
import type { EndedLog } from './ended-log.ts';
import { INTROSPECT } from './introspect.ts';
import { SCHEMES } from './verify.ts';

type Options = {
  readonly identify: Identify;
  readonly observer: Observer;
  readonly log: Log;
  readonly tokenWatch: TokenWatch;
  readonly ended: EndedLog;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
};

/** `/revocations` streams the ids of tokens that end, or change what they stand for, to callers with the scope `introspect`. */
export function createRevocations({ identify, observer, log, tokenWatch, ended, stopping }: Options) {
  const refuse = (status: number, reason: string, headers = {}) => ({ status, body: { active: false, reason }, headers });
  return serveRoute({ observer, log, type: 'revocations' }, async (request, operation, response) => {
    const { viewer, refusal } = await identify(readAuthorization(request.headers.authorization, SCHEMES), operation);
    if (!viewer) return refusalOf(refusal);
    if (!viewer.scopes.includes(INTROSPECT)) return refuse(403, 'FORBIDDEN');
    if (request.method !== 'GET') return refuse(405, 'BAD_REQUEST', { Allow: 'GET' });
    if (stopping.aborted || !ended.hasRoom()) return refuse(503, 'UNAVAILABLE', { 'Retry-After': '5' });
    await stream({ request, response, viewer, tokenWatch, ended, stopping });
    return null;
  });
}

type Stream = Pick<Options, 'tokenWatch' | 'ended' | 'stopping'> & {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly viewer: Viewer;
};

/** Milliseconds between two signs of life. */
const HEARTBEAT = 10_000;

/** Bytes that may wait for a reader before it is hung up on: it comes back and reads on from where it was. */
const MAX_WAITING = 1_000_000;

/** Until the reader leaves, its token ends, or the server stops. */
async function stream({ request, response, viewer, tokenWatch, ended, stopping }: Stream): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  response.once('close', end);
  stopping.addEventListener('abort', end, { once: true });
  await ended.open();
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  const send = (text: string) => {
    response.write(text);
    if (response.writableLength > MAX_WAITING) response.destroy();
  };
  const leave = await ended.follow(lastEventOf(request), send);
  const heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT);
  await tokenWatch.untilEnded(viewer.tokenId, over.signal).finally(() => {
    clearInterval(heartbeat);
    leave();
    stopping.removeEventListener('abort', end);
  });
  response.end();
}

/** Where a reader left off; null: it is new. */
function lastEventOf({ headers }: IncomingMessage): string | null {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
}
