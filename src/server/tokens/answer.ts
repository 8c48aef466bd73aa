import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isDatabaseAway } from '../../database/database-errors.ts';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { nameOperation, type Operation, type OperationType } from '../../observability/operation.ts';
import { type Refusal, unauthenticated } from '../../shared/errors.ts';

/** The code of an error, for the log and the metrics, by status. */
const codes: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  405: 'BAD_REQUEST',
  413: 'BAD_REQUEST',
  415: 'BAD_REQUEST',
  429: 'THROTTLED',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** An answer of one of the routes about tokens. The status says it all, under every media type. */
export type Answer = { readonly status: number; readonly body: object; readonly headers?: OutgoingHttpHeaders };

/** A viewer that is missing, as an answer. */
export function refusalOf(refusal: Refusal | null): Answer {
  const { reason } = unauthenticated(refusal ?? 'missing').extensions;
  return { status: 401, body: { active: false, reason }, headers: { 'WWW-Authenticate': 'Token' } };
}

type Options = { readonly observer: Observer; readonly log: Log; readonly type: OperationType };
/** Null: it has been answered. */
type Handler = (request: IncomingMessage, operation: Operation, response: ServerResponse) => Promise<Answer | null>;

/** Serves a route: what happens is logged and counted as an operation, and what throws is an answer that lets no request in. */
export function serveRoute({ observer, log, type }: Options, handle: Handler) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = observer.begin(request, response);
    nameOperation(operation, type, undefined);
    const answer = await handle(request, operation, response).catch((error: unknown) => failureOf(error, log, operation));
    if (answer) operation.error = codes[answer.status] ?? null;
    if (answer) send(response, answer);
    observer.finish(operation);
  };
}

function failureOf(err: unknown, log: Log, { requestId }: Operation): Answer {
  if (isDatabaseAway(err)) return { status: 503, body: { active: false, reason: 'UNAVAILABLE' }, headers: { 'Retry-After': '1' } };
  log.error({ err, requestId }, 'unexpected error');
  return { status: 500, body: { active: false, reason: 'UNEXPECTED', requestId } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.headersSent) return void response.destroy(); // a stream that failed on its way
  const text = JSON.stringify(body);
  const standard = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, { ...standard, ...headers }).end(text);
}
