import { randomUUID } from 'node:crypto';
import { GraphQLError, locatedError } from 'graphql';
import { isDatabaseAway } from '../database/database-away.ts';
import { badRequest, serviceUnavailable, unexpected } from '../errors.ts';
import type { Log } from '../observability/log.ts';

/** Turns what was thrown into what a client may know: refusals as they are, everything else without a detail. */
export function createErrorMask(log: Log) {
  return (error: unknown): GraphQLError => {
    const refusal = asRefusal(error);
    if (refusal) return refusal;
    const cause = originOf(error);
    if (isDatabaseAway(cause)) {
      log.error({ err: cause }, 'the database is away');
      return at(error, serviceUnavailable());
    }
    const requestId = randomUUID();
    log.error({ err: cause, requestId }, 'unexpected error');
    return at(error, unexpected(requestId));
  };
}

/** A GraphQLError is a refusal unless it wraps something else. Yoga's on a bad body quotes the body, passwords included. */
function asRefusal(error: unknown): GraphQLError | undefined {
  if (!(error instanceof GraphQLError) || !(originOf(error) instanceof GraphQLError)) return undefined;
  return error.extensions.code === 'BAD_REQUEST' ? badRequest(error.message) : error;
}

const originOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? originOf(error.originalError) : error;

/** Keeps the field that failed, so that clients can tell which of several it was. */
const at = (error: unknown, masked: GraphQLError): GraphQLError =>
  error instanceof GraphQLError ? locatedError(masked, error.nodes, error.path) : masked;
