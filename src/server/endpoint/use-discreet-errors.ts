import { type GraphQLError, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { parseFailed, validationFailed } from '../../shared/errors.ts';

/**
 * GraphQL's own errors quote the value they complain about, and in a mutation that signs people in
 * that value may be a password. These say the same without it.
 */
export const useDiscreetErrors = (): Plugin => ({
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
export function withoutValue(message: string): string {
  const parts = valueless.map((sentence) => sentence.exec(message)?.[0]);
  return `${parts.find(Boolean) ?? 'A value does not fit its type'}.`;
}
