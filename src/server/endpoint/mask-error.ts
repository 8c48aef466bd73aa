import { GraphQLError, Kind, locatedError } from 'graphql';
import { isDatabaseAway, isRaced } from '../../database/database-errors.ts';
import type { Log } from '../../observability/log.ts';
import { badUserInput, serviceUnavailable, unexpected } from '../../shared/errors.ts';
import { withoutValue } from './use-discreet-errors.ts';

type Options = {
  readonly log: Log;
  /** Of the request that is being answered. */
  readonly requestId: () => string;
};

/** Turns what was thrown into what a client may know: refusals as they are, everything else without a detail. */
export function createErrorMask({ log, requestId: currentId }: Options) {
  return (error: unknown): GraphQLError => {
    if (isRefusal(error)) return error;
    if (isAboutInput(error)) return at(error, badUserInput(problemOf(error)));
    const cause = originOf(error);
    const requestId = currentId();
    if (isDatabaseAway(cause) || isRaced(cause)) {
      log.error({ err: cause, requestId }, 'the database is away, or cannot do it now');
      return at(error, serviceUnavailable());
    }
    log.error({ err: cause, requestId }, 'unexpected error');
    return at(error, unexpected(requestId));
  };
}

/** Errors with a code were made for the client, by this program or by Yoga. */
const isRefusal = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions.code !== undefined && originOf(error) instanceof GraphQLError;

/** GraphQL gives its errors about variables and arguments no code. One about a whole field is a resolver's fault, or its stream's. */
const isAboutInput = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions.code === undefined && !wholes.some((kind) => kind === error.nodes?.[0]?.kind);

const wholes = [Kind.FIELD, Kind.OPERATION_DEFINITION];

/** What does not fit, and where: graphql-js hides the place in the sentence that quotes the value. */
function problemOf({ message, nodes, originalError }: GraphQLError): string {
  const [node] = nodes ?? [];
  if (node?.kind !== Kind.VARIABLE_DEFINITION || !originalError) return withoutValue(message);
  const [, path] = / at "([\w.[\]]+)"; $/.exec(message.slice(0, -originalError.message.length)) ?? [];
  return `Variable "$${path ?? node.variable.name.value}" is not valid. ${withoutValue(originalError.message)}`;
}

const originOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? originOf(error.originalError) : error;

/** Keeps the field that failed, so that clients can tell which of several it was. */
const at = (error: unknown, masked: GraphQLError): GraphQLError =>
  error instanceof GraphQLError ? locatedError(masked, error.nodes, error.path) : masked;
