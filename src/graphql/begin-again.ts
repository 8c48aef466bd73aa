import { MapperKind, mapSchema } from '@graphql-tools/utils';
import type { GraphQLFieldConfig, GraphQLSchema } from 'graphql';
import { isUndone } from '../database/database-errors.ts';
import type { Context } from './builder.ts';

const ATTEMPTS = 3;

/**
 * Does a mutation again when the database undid its transaction: by breaking the connection in the middle, or for a race. Each mutation
 * has one transaction; what it writes outside, counts of attempts, does no harm when it is written twice.
 */
export const withMutationsBegunAgain = (schema: GraphQLSchema): GraphQLSchema =>
  mapSchema(schema, { [MapperKind.MUTATION_ROOT_FIELD]: begunAgain });

function begunAgain(field: GraphQLFieldConfig<unknown, Context>): GraphQLFieldConfig<unknown, Context> {
  const { resolve } = field;
  if (!resolve) return field;
  return {
    ...field,
    resolve: async (root, args, context, info) => {
      for (let left = ATTEMPTS - 1; ; left--) {
        try {
          return await resolve(root, args, context, info);
        } catch (error) {
          if (!isUndone(error) || left === 0) throw error;
          context.renewDeps(); // what has been read and changed in memory is of a transaction that never was
          context.operation.mutations.pop(); // it will be noted again
        }
      }
    },
  };
}
