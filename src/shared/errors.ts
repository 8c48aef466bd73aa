import { GraphQLError } from 'graphql';
import { statuses } from './statuses.ts';

/** Why no viewer came out of a request; each has its own sentence, taken from DRF. */
export type Refusal = 'missing' | 'scheme' | 'empty' | 'spaces' | 'encoding' | 'unknown' | 'expired' | 'inactive';

// DRF's own sentences (rest_framework/authentication.py), so that clients can be moved over unchanged.
const refusals: Record<Refusal, { message: string; reason: string }> = {
  missing: { message: 'Authentication credentials were not provided.', reason: 'MISSING' },
  scheme: { message: 'Authentication credentials were not provided.', reason: 'WRONG_SCHEME' }, // `Bearer <key>`, or a key alone
  empty: { message: 'Invalid token header. No credentials provided.', reason: 'MALFORMED' },
  spaces: { message: 'Invalid token header. Token string should not contain spaces.', reason: 'MALFORMED' },
  encoding: { message: 'Invalid token header. Token string should not contain invalid characters.', reason: 'MALFORMED' },
  unknown: { message: 'Invalid token.', reason: 'INVALID' },
  expired: { message: 'Invalid token.', reason: 'EXPIRED' }, // the sentence is knox's
  inactive: { message: 'User inactive or deleted.', reason: 'INACTIVE' },
};

/** 401 where the media type allows it (`spec: true`); always with the challenge header. @param scheme that the challenge names */
export function unauthenticated(refusal: Refusal, scheme = 'Token'): GraphQLError {
  const { message, reason } = refusals[refusal];
  const http = { spec: true, status: 401, headers: { 'WWW-Authenticate': scheme } };
  const hint = refusal === 'scheme' && { hint: `Send the key as "Authorization: ${scheme} <key>".` };
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', reason, ...hint, http } });
}

/** Signed in, but not allowed. The sentence is DRF's. */
export const forbidden = (): GraphQLError =>
  new GraphQLError('You do not have permission to perform this action.', {
    extensions: { code: 'FORBIDDEN', http: { spec: true, status: 403 } },
  });

/**
 * The database cannot be reached, or too much is waiting; 503 under either media type, so that proxies and clients retry.
 * @param retryAfter seconds
 */
export const serviceUnavailable = (retryAfter = 1, message = 'The service is temporarily unavailable. Please try again.'): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter, http: { status: 503, headers: { 'Retry-After': String(retryAfter) } } },
  });

/** A budget of questions is used up. The sentence is that of the mutations. @param retryAfter seconds */
export const throttled = (retryAfter: number): GraphQLError =>
  new GraphQLError(statuses.throttled(retryAfter).message, {
    extensions: { code: 'THROTTLED', retryAfter, http: { spec: true, status: 429, headers: { 'Retry-After': String(retryAfter) } } },
  });

/** A bug. @param requestId what the log line of the real error carries, and nothing else of it. */
export const unexpected = (requestId: string): GraphQLError =>
  new GraphQLError('Unexpected error.', {
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { spec: true, status: 500 } },
  });

/** A variable or argument that does not fit its type. @param message names the place, never the value: it may be a secret. */
export const badUserInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } } });

/** An argument out of its range. @param problem starts with the argument's name; never its value */
export const badArgument = (problem: string): GraphQLError =>
  new GraphQLError(`Argument ${problem}`, { extensions: { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } } });

/** A document that is not GraphQL. @param cause lends its locations. */
export const parseFailed = (message: string, cause: GraphQLError): GraphQLError => aboutDocument('GRAPHQL_PARSE_FAILED', message, cause);

/** A document that does not fit the schema. @param cause lends its locations. */
export const validationFailed = (message: string, cause: GraphQLError): GraphQLError =>
  aboutDocument('GRAPHQL_VALIDATION_FAILED', message, cause);

function aboutDocument(code: string, message: string, { source, positions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { source, positions, extensions: { code, http: { spec: true, status: 400 } } });
}

/** A question about the schema, to a server that answers it to staff only. @param cause graphql-js's own words */
export const introspectionDisabled = ({ message, nodes }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { spec: true, status: 400 } } });

/** This process holds as many subscriptions as it may; another one, or this one later, takes more. */
export const noRoomForSubscription = (): GraphQLError =>
  serviceUnavailable(10, 'The server has no room for another subscription. Please try again later.');

/** A subscription that cannot tell what was published meanwhile. */
export const missedMessages = (): GraphQLError => serviceUnavailable(1, 'Something may have been missed. Please subscribe again.');

/** A token that subscribes more often than it may at once. @param limit how often */
export const tooManySubscriptions = (limit: number): GraphQLError =>
  new GraphQLError(`A token may have at most ${limit} subscriptions at once. End one first.`, {
    extensions: { code: 'THROTTLED', http: { spec: true, status: 429 } },
  });

/** A body that went on beyond its bound. @param limit bytes */
export const bodyTooLarge = (limit: number): GraphQLError => notOverHttp(413, `The body may be at most ${limit} bytes long.`);

/** A subscription, to a client that takes no stream. */
export const streamOnly = (): GraphQLError => notOverHttp(406, 'A subscription is answered as a stream: accept text/event-stream.');

/** A request that is not GraphQL over HTTP at all. */
export const badRequest = (message: string): GraphQLError => notOverHttp(400, message);

const notOverHttp = (status: number, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
