import { MapperKind, mapSchema } from '@graphql-tools/utils';
import type { GraphQLFieldConfig, GraphQLSchema } from 'graphql';
import { isUndone } from '../database/undone.ts';
import type { Context } from './builder.ts';

/**
 * Does a mutation once more when the database broke its connection in the middle of its transaction, and so undid it. Each has one
 * transaction; what is written outside of it, counts of attempts, does no harm when it is written twice.
 */
export const withMutationsOnceMore = (schema: GraphQLSchema): GraphQLSchema =>
  mapSchema(schema, { [MapperKind.MUTATION_ROOT_FIELD]: onceMore });

function onceMore(field: GraphQLFieldConfig<unknown, Context>): GraphQLFieldConfig<unknown, Context> {
  const { resolve } = field;
  if (!resolve) return field;
  return {
    ...field,
    resolve: async (root, args, context, info) => {
      try {
        return await resolve(root, args, context, info);
      } catch (error) {
        if (!isUndone(error)) throw error;
        context.renewDeps();
        return resolve(root, args, context, info);
      }
    },
  };
}
