import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { MutationNote, Operation } from '../observability/operation.ts';
import { outcomeOfStatus } from '../observability/operation.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      mutationOutcomes: MutationOutcomesPlugin<Types>;
    }
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

const isObserved = (context: object): context is { readonly operation: Operation } => 'operation' in context;

/** Notes the status that each mutation came to, whether the client selects it or not. */
class MutationOutcomesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolver<Types>, { kind, name }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    if (kind !== 'Mutation') return resolve;
    return async (parent, args, context, info) => {
      const note: MutationNote = { field: name, outcome: null };
      if (isObserved(context)) context.operation.mutations.push(note);
      const payload: unknown = await resolve(parent, args, context, info);
      note.outcome = statusOf(payload);
      return payload;
    };
  }
}

function statusOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('status' in payload)) return null;
  const { status } = payload;
  if (typeof status !== 'object' || status === null || !('code' in status)) return null;
  return outcomeOfStatus(String(status.code));
}

SchemaBuilder.registerPlugin('mutationOutcomes', MutationOutcomesPlugin);
export default 'mutationOutcomes' as const;
