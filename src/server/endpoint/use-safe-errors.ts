import { GraphQLError, Kind, locatedError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isDatabaseAway, isRaced, isTooBusy } from '../../database/database-errors.ts';
import type { Log } from '../../observability/log.ts';
import { badUserInput, parseFailed, serviceUnavailable, unexpected, validationFailed } from '../../shared/errors.ts';

type Options = {
  readonly log: Log;
  /** Of the request that is being answered. */
  readonly requestId: () => string;
};

/** Turns any error into one that a client may see: refusals pass unchanged, everything else loses its details. */
export function createErrorMask({ log, requestId: currentId }: Options) {
  return (error: unknown): GraphQLError => {
    if (isRefusal(error)) return error;
    if (isAboutInput(error)) return at(error, badUserInput(problemOf(error)));
    const cause = originOf(error);
    if (isTooBusy(cause)) return at(error, serviceUnavailable()); // no line in the log for each of a crowd
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

/**
 * GraphQL's own errors quote the value they complain about, and in a mutation that signs people in
 * that value may be a password. These say the same without it.
 */
export const useSafeErrors = (): Plugin => ({
  onExecutionResult({ result, setResult }) {
    if (!result || !('errors' in result) || !result.errors) return;
    setResult({ ...result, errors: result.errors.map(discreet) });
  },
});

function discreet(error: GraphQLError): GraphQLError {
  switch (error.extensions.code) {
    case 'GRAPHQL_PARSE_FAILED':
      return parseFailed(withoutSource(error.message), error);
    case 'GRAPHQL_VALIDATION_FAILED':
      return validationFailed(quotesValue(error) ? withoutValue(error.message) : error.message, error);
    default:
      return error;
  }
}

/** Keeps the kind of token a syntax error stumbled over, not its text. */
const withoutSource = (message: string): string =>
  message.replace(/ (Name|Int|Float|\w*String|variable) ".*"/s, ' $1').replace(/: ".*"/s, '');

/** Only complaints about a literal quote it; what a custom scalar says may even come without its place. */
const quotesValue = ({ nodes: [node] = [] }: GraphQLError): boolean => node === undefined || literals.has(node.kind);

const literals = new Set<string>([Kind.STRING, Kind.INT, Kind.FLOAT, Kind.ENUM, Kind.BOOLEAN, Kind.LIST, Kind.OBJECT]);

// The sentences of graphql-js that tell more than a place does, up to where the value would follow.
const valueless = [
  /^Field "[\w.]+" is not defined by type "\w+"/,
  /^(Field "[\w.]+"|Variable "\$\w+") of (required|non-null) type "[^"]+" (was not provided|must not be null)/,
  /^Expected (non-nullable |value of )?type "[^"]+"/,
  /^(Enum "\w+"|\w+) cannot represent (an? )?non[\w -]+ value/,
  /^(Too many|Schema is not|Validation aborted)[\w ]*/,
];

/** Shortens a sentence of graphql-js to the part that quotes no value; one it does not know says nothing. */
function withoutValue(message: string): string {
  const parts = valueless.map((sentence) => sentence.exec(message)?.[0]);
  return `${parts.find(Boolean) ?? 'A value does not fit its type'}.`;
}
