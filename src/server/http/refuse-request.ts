import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { MAX_BODY } from '../endpoint/params.ts';

type HttpRefusal = { readonly status: number; readonly message: string; readonly headers?: OutgoingHttpHeaders };

const methodNotAllowed: HttpRefusal = { status: 405, message: 'Use GET or POST.', headers: { Allow: 'GET, POST' } };
const ambiguous: HttpRefusal = { status: 400, message: 'Send one Authorization header.' };
const tooLarge: HttpRefusal = { status: 413, message: `The body may be at most ${MAX_BODY} bytes long.` };
const notAcceptable: HttpRefusal = {
  status: 406,
  message: 'Accept application/json, application/graphql-response+json or, for subscriptions, text/event-stream.',
};
const unsupported: HttpRefusal = { status: 415, message: 'Send the body as application/json in UTF-8.' };
const compressed: HttpRefusal = { status: 415, message: 'Send the body without compression.', headers: { 'Accept-Encoding': 'identity' } };

/**
 * Why a request for the API is refused before its body is read; null when it is not.
 * Only JSON is executed: a browser sends forms and plain text across origins without asking (CSRF).
 * A body of no declared length is measured as it arrives.
 * @param mediaType of the answer; undefined when the client takes none of ours.
 */
export function refuseRequest({ method, headers, rawHeaders }: IncomingMessage, mediaType: string | undefined): HttpRefusal | null {
  if (method !== 'GET' && method !== 'POST') return methodNotAllowed;
  if (mediaType === undefined) return notAcceptable;
  if (headers.authorization !== undefined && countAuthorizations(rawHeaders) > 1) return ambiguous;
  if (method === 'GET') return null;
  if (!isJson(headers['content-type'])) return unsupported;
  if (isCompressed(headers)) return compressed;
  return Number(headers['content-length'] ?? 0) > MAX_BODY ? tooLarge : null;
}

/** Nothing here inflates: a body of 100 kB can stand for 100 MB. */
const isCompressed = (headers: IncomingHttpHeaders): boolean =>
  (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity' ||
  (headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked';

/** Node keeps the first and drops the others, a proxy in front may go by the last. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((count, name, n) => (n % 2 === 0 && isAuthorization(name) ? count + 1 : count), 0);
}

const isAuthorization = (name: string): boolean => name.length === 13 && name.toLowerCase() === 'authorization';

function isJson(contentType = ''): boolean {
  if (contentType === 'application/json') return true; // what nearly every client sends
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return type === 'application/json' && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}
