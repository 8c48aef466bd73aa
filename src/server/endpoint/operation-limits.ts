import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type OperationDefinitionNode, type ValidationContext, type ValidationRule } from 'graphql';
import { handlesCredentials } from '../../graphql/field-rules.ts';
import type { Limits } from '../../shared/feature.ts';
import { costOf, createSum, definitionOf, introspectionCostOf } from './cost.ts';

/** Levels of fields, fragments not counted: what GraphiQL's introspection query needs. Ours is 5 deep. */
const MAX_DEPTH = 15;

/** Enough to ask for a page of things by name; each repeats a field, so they multiply work. */
const MAX_ALIASES = 15;

/** Far more `@skip` and `@include` than a page needs, and fewer than the 10 that graphql-cop calls an overload. */
const MAX_DIRECTIVES = 8;

/** As many as a generous page needs; each may be a query to the database. */
const MAX_ROOT_FIELDS = 20;

/** Values, as costOf counts them: three full pages with every field. */
const MAX_COST = 5000;

/** The same of the schema, counted likewise: what GraphiQL asks for, with everything, has 52,000. */
const MAX_INTROSPECTION = 60_000;

/** Fields with a selection under one name in a document. GraphQL compares each with all others whether they can be merged. */
const MAX_NAMESAKES = 30;

type Measure = (context: ValidationContext, operation: OperationDefinitionNode) => number;

const rootFieldsOf: Measure = (context, { selectionSet }) => createSum(context, () => 1)(selectionSet, undefined);

const credentialFieldsOf: Measure = (context, { operation, selectionSet }) => {
  const sum = createSum(context, (field, parent) => {
    const definition = definitionOf(field, parent);
    return definition && handlesCredentials(definition) ? 1 : 0;
  });
  return sum(selectionSet, context.getSchema().getRootType(operation) ?? undefined);
};

function report(context: ValidationContext, message: string): void {
  context.reportError(new GraphQLError(message, { nodes: context.getDocument() }));
}

const atMost =
  (limit: number, measure: Measure, message: string): ValidationRule =>
  (context) => ({
    OperationDefinition(operation) {
      if (measure(context, operation) > limit) report(context, message);
    },
  });

const fewNamesakes: ValidationRule = (context) => {
  const counts = new Map<string, number>();
  return {
    Field({ alias, name, selectionSet }) {
      if (!selectionSet) return;
      const key = (alias ?? name).value;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count === MAX_NAMESAKES + 1) report(context, `A document may select from a field at most ${MAX_NAMESAKES} times under one name.`);
    },
  };
};

/** Options of graphql-armor's rules. By default they throw, which would end as an error without a code. */
const armor = (n: number, message: string) => ({
  n,
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context && report(context, message)],
});

/**
 * What one operation may ask for. Depth, aliases and directives are graphql-armor's, without the exceptions they make by default
 * for introspection and `__typename`; its cost takes every `first: $n` for 1, so that one is ours.
 */
export const limitRules = ({ aliases = MAX_ALIASES, depth = MAX_DEPTH, cost = MAX_COST }: Limits): readonly ValidationRule[] => [
  maxDepthRule({
    ...armor(depth, `An operation may be at most ${depth} levels deep.`),
    ignoreIntrospection: false,
    flattenFragments: true,
  }),
  maxAliasesRule({ ...armor(aliases, `An operation may have at most ${aliases} aliases.`), allowList: [] }),
  maxDirectivesRule(armor(MAX_DIRECTIVES, `An operation may have at most ${MAX_DIRECTIVES} directives.`)),
  fewNamesakes,
  atMost(MAX_ROOT_FIELDS, rootFieldsOf, `An operation may have at most ${MAX_ROOT_FIELDS} root fields.`),
  atMost(cost, costOf, `An operation may cost at most ${cost}: one for each field, times the length of its list.`),
  atMost(MAX_INTROSPECTION, introspectionCostOf, 'An operation may ask for the schema once.'),
  // Otherwise one request would try a thousand passwords, past everything that counts requests.
  atMost(1, credentialFieldsOf, 'An operation may have one field that handles credentials. Send the others on their own.'),
];
