import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { createLRUCache } from 'graphql-yoga';
import Negotiator from 'negotiator';
import { EVENTS_TYPE, JSON_TYPE } from '../endpoint/accepted.ts';
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
  if (contentType === JSON_TYPE) return true; // what nearly every client sends
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return type === JSON_TYPE && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

const GRAPHQL_TYPE = 'application/graphql-response+json';

/** All are UTF-8, whether a client says so or not. Where it has no preference, the first. */
const available = [JSON_TYPE, GRAPHQL_TYPE, EVENTS_TYPE].flatMap((type) => [type, `${type};charset=utf-8`]);

/** UTF-16 units. The longest honest header has 200; to understand one of 16,000 takes 28 ms. */
const MAX_LENGTH = 1000;

/** Clients send one of a few headers. */
const MAX_KNOWN = 100;

/** What to tell Yoga that a client accepts; undefined: nothing of ours. */
export type Negotiate = (accept: string | undefined) => string | undefined;

/** Negotiates the media types of answers, and keeps the outcomes: one costs up to a third of a request. */
export function createNegotiation(): Negotiate {
  const known = createLRUCache<{ readonly types: string | undefined }>({ max: MAX_KNOWN });
  return (accept = '*/*') => {
    if (accept.length > MAX_LENGTH) return undefined;
    const found = known.get(accept) ?? { types: negotiate(accept) };
    known.set(accept, found);
    return found.types;
  };
}

/** The type that the client likes best, after that of subscriptions where it takes that as well. */
function negotiate(accept: string): string | undefined {
  const types = new Negotiator({ headers: { accept } }).mediaTypes(available).map((type) => type.split(';', 1)[0]);
  const [best] = types;
  return best !== EVENTS_TYPE && types.includes(EVENTS_TYPE) ? `${EVENTS_TYPE}, ${best}` : best;
}
