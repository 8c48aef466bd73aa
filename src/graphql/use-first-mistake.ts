import { type DocumentNode, type GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { schema } from './schema.ts';

type Variables = { readonly [name: string]: unknown } | null | undefined;

/** The first reason why variables do not fit a document; undefined when they do. Its message quotes a value. */
export function mistakeIn(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables,
): GraphQLError | undefined {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  if (definitions.length === 0) return undefined;
  return getVariableValues(schema, definitions, variables ?? {}, { maxErrors: 1, hideSuggestions: true }).errors?.[0];
}

/**
 * Refuses variables that do not fit at their first mistake. Yoga's executor collects 50, cannot be told otherwise, and prints the
 * whole value with each: 10,000 unknown keys would hold the event loop for a third of a second.
 */
export function useFirstMistake(): Plugin {
  const check = (document: DocumentNode, operationName: string | null | undefined, variables: Variables) => {
    const mistake = mistakeIn(document, operationName, variables);
    if (mistake) throw mistake; // to be masked
  };
  return {
    onExecute: ({ args }) => check(args.document, args.operationName, args.variableValues),
    onSubscribe: ({ args }) => check(args.document, args.operationName, args.variableValues),
  };
}
