import { type DocumentNode, type GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { introspectionDisabled } from '../errors.ts';
import type { Context } from './builder.ts';

/**
 * Shows the schema to staff only. Not a rule of validation, whose outcome is kept with the document for everybody:
 * whether a document asks for the schema is found out once, who sends it each time.
 */
export function useStaffIntrospection(): Plugin<Context> {
  const known = new WeakMap<DocumentNode, GraphQLError[]>();
  function refusalsOf(schema: GraphQLSchema, document: DocumentNode): GraphQLError[] {
    const refusals = known.get(document) ?? validate(schema, document, [NoSchemaIntrospectionCustomRule]).map(introspectionDisabled);
    known.set(document, refusals);
    return refusals;
  }
  return {
    onExecute({ args: { schema, document, contextValue }, setResultAndStopExecution }) {
      if (contextValue.viewer?.isStaff) return;
      const errors = refusalsOf(schema, document);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}
