import type { initGraphQLTada, ResultOf as ResultOfDocument, VariablesOf } from 'gql.tada';
import type { introspection } from '../../test/e2e/graphql-env.d.ts';

/** Exists for TypeScript alone, and is never called. */
declare const typed: ReturnType<typeof initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string; ID: string } }>>;

/** A document, and the types of what it takes and gives; `types` never has a value. */
export type Operation<Result, Variables> = { readonly text: string; readonly types?: (variables: Variables) => Result };

/** Types a document by schema.graphql. The browser sends its text as it is. */
export const graphql = <const Text extends string>(text: Text) => operation(text, () => typed(text));

const operation = <Document>(text: string, _typed: () => Document): Operation<ResultOfDocument<Document>, VariablesOf<Document>> => ({
  text,
});

/** What an operation gives. */
export type ResultOf<Asked> = Asked extends Operation<infer Result, infer _Variables> ? Result : never;

/** What an operation takes. */
export type Variables<Asked> = Asked extends Operation<infer _Result, infer Taken> ? Taken : never;
