import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  Kind,
  print,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput, parseFailed, validationFailed } from '../errors.ts';

const MAX_ERRORS = 20;

/**
 * GraphQL's own errors quote the value they complain about, and in a mutation that signs people in
 * that value may be a password. These say the same without it.
 */
export function useDiscreetErrors(schema: GraphQLSchema): Plugin {
  return {
    onExecutionResult({ result, setResult, context }) {
      if (!result || !('errors' in result) || !result.errors) return;
      const errors = result.errors.slice(0, MAX_ERRORS).flatMap((error) => discreet(error, schema, context.params.variables ?? {}));
      setResult({ ...result, errors });
    },
  };
}

type Variables = Record<string, unknown>;

function discreet(error: GraphQLError, schema: GraphQLSchema, variables: Variables): GraphQLError[] {
  const [node] = error.nodes ?? [];
  if (error.message.startsWith('Syntax Error')) return [parseFailed(withoutQuotes(error.message), error)];
  if (node?.kind === Kind.VARIABLE_DEFINITION && error.extensions.code !== 'GRAPHQL_VALIDATION_FAILED')
    return problemsOfVariable(node, schema, variables);
  if (error.extensions.code !== 'GRAPHQL_VALIDATION_FAILED') return [error];
  return [validationFailed(node && isLiteral(node.kind) ? error.message.replaceAll(print(node), '…') : error.message, error)];
}

/** Keeps the kind of token a syntax error stumbled over, not its text. */
const withoutQuotes = (message: string): string =>
  message.replace(/(String|BlockString|Int|Float) ".*"/s, '$1').replace(/(sequence|got|character): ".*"/s, '$1');

const isLiteral = (kind: Kind): boolean =>
  [Kind.STRING, Kind.INT, Kind.FLOAT, Kind.ENUM, Kind.BOOLEAN, Kind.LIST, Kind.OBJECT].includes(kind);

/** Coerces the variable once more to learn where it does not fit; graphql-js hides the place in the sentence with the value. */
function problemsOfVariable(node: VariableDefinitionNode, schema: GraphQLSchema, variables: Variables): GraphQLError[] {
  const name = node.variable.name.value;
  const type = typeFromAST(schema, node.type);
  const problems: GraphQLError[] = [];
  if (!isInputType(type)) return [badUserInput(name, 'has an unknown type.')];
  coerceInputValue(variables[name] ?? null, type, (path, _value, error) => {
    if (problems.length < MAX_ERRORS) problems.push(badUserInput([name, ...path].join('.'), reason(error)));
  });
  return problems;
}

/** The scalars quote the value; the sentences about the shape of an input do not. */
const reason = (error: GraphQLError): string =>
  /^(Field|Expected)/.test(error.message) && !error.originalError ? `is not valid. ${error.message}` : 'has a value of the wrong type.';
