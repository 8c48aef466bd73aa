import { type DocumentNode, type GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule, validate, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { introspectionDisabled } from '../../shared/errors.ts';

/**
 * Shows the schema to staff only. Not a rule of validation, which is kept with the document for all viewers:
 * whether a document asks for the schema is found out once, who sends it each time.
 */
export function useStaffIntrospection(): Plugin<Context> {
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  function refusalsOf(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    const refusals = known.get(document) ?? refuse(schema, document);
    known.set(document, refusals);
    return refusals;
  }
  return {
    onExecute({ args: { schema, document, contextValue }, setResultAndStopExecution }) {
      if (contextValue.viewer?.isStaff) return;
      const errors = refusalsOf(schema, document);
      if (errors[0]) setResultAndStopExecution({ errors: [introspectionDisabled(errors[0])] });
    },
  };
}

const refuse = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  asksForSchema(document) ? validate(schema, document, [NoSchemaIntrospectionCustomRule], { maxErrors: 1 }) : [];

/** Whether a document asks for the schema anywhere, fragments and other operations included. */
export function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field({ name }) {
      asks ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return asks;
}
