import { type ExecutionArgs, getOperationAST, getVariableValues } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Refuses variables that do not fit at their first mistake. Yoga's executor collects 50, cannot be told otherwise, and prints the
 * whole value with each: 10,000 unknown keys would hold the event loop for a third of a second.
 */
export function useFirstMistake(): Plugin {
  return { onExecute: ({ args }) => check(args), onSubscribe: ({ args }) => check(args) };
}

/** @throws the first reason why variables do not fit a document, to be masked: its message quotes a value */
function check({ schema, document, operationName, variableValues }: ExecutionArgs): void {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  if (definitions.length === 0) return;
  const { errors } = getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 1, hideSuggestions: true });
  if (errors?.[0]) throw errors[0];
}
