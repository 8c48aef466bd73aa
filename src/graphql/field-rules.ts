import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import {
  DirectiveLocation,
  GraphQLDirective,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isObjectType,
} from 'graphql';
import { isUndone } from '../database/database-errors.ts';
import type { MutationNote, Operation } from '../observability/operation.ts';
import { outcomeOfStatus } from '../observability/operation.ts';
import { badUserInput } from '../shared/errors.ts';
import { Refused } from '../shared/field-errors.ts';
import { statuses } from '../shared/statuses.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      fieldRules: FieldRulesPlugin<Types>;
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** The field checks or sets a password, or mails a way to: one operation may have one such field. */
      credentials?: boolean;
    }
  }
}

const scopeSet = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString)));
const scopeSets = new GraphQLNonNull(new GraphQLList(scopeSet));

/** The ecosystem's own words for guards (Apollo Federation), printed into schema.graphql. */
export const guardDirectives = [
  new GraphQLDirective({
    name: 'authenticated',
    description: 'Needs a token.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
  }),
  new GraphQLDirective({
    name: 'requiresScopes',
    description: 'Needs a token whose user has all scopes of at least one of the sets.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
    args: { scopes: { type: scopeSets, description: 'Sets of scopes. The user needs all scopes of one set.' } },
  }),
];

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;
type Mutating = { readonly operation: Operation; readonly renewDeps: () => void };

const isMutating = (context: object): context is Mutating => 'operation' in context && 'renewDeps' in context;

const ATTEMPTS = 3;

/**
 * What holds for every field. A root field states its guard. A mutation notes the status it came to, selected or not, and runs again
 * when the database rolled its transaction back: the connection broke before COMMIT, or another transaction won a race. Each mutation
 * has one transaction; what it writes outside, counts of attempts, does no harm when it is written twice.
 */
class FieldRulesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  /** Default deny: a root field without `authScopes` does not build; the others carry their guard into the SDL. */
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    const credentials = field.kind === 'Mutation' && field.pothosOptions.credentials === true;
    const guards = guardsOf(field);
    const directives = directivesFor(guards);
    return {
      ...field,
      extensions: {
        ...field.extensions,
        guards,
        refusesAlike: refusesAlike(field, guards),
        ...(credentials && { credentials }),
        ...(directives && { directives }),
      },
    };
  }

  override wrapResolve(resolve: Resolver<Types>, { kind, name }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    if (kind !== 'Mutation') return resolve;
    return (parent, args, context, info) => {
      const run = async () => resolve(parent, args, context, info);
      return isMutating(context) ? mutate(name, context, () => run().catch(refusalOf(info.returnType))) : run();
    };
  }
}

/** Turns what a hook of the app refuses into the payload that says so. @throws any other error, and that one where no payload can say it */
const refusalOf = (type: GraphQLOutputType) => (error: unknown) => {
  if (!(error instanceof Refused)) throw error;
  const payload = getNamedType(type);
  if (isObjectType(payload) && 'status' in payload.getFields()) return { status: statuses.invalidInput, errors: error.errors };
  throw badUserInput(error.message);
};

async function mutate(field: string, { operation, renewDeps }: Mutating, run: () => Promise<unknown>): Promise<unknown> {
  const note: MutationNote = { field, outcome: null };
  operation.mutations.push(note);
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      const payload = await run();
      note.outcome = statusOf(payload);
      return payload;
    } catch (error) {
      if (!isUndone(error) || left === 0) throw error;
      renewDeps(); // entities in memory belong to the transaction that was rolled back
    }
  }
}

/** @throws Error for a guard that is missing, or that the SDL cannot show */
function guardsOf<Types extends SchemaTypes>({ parentType, name, pothosOptions }: PothosOutputFieldConfig<Types>): string[] {
  const scopes = pothosOptions.authScopes;
  if (!scopes && isRoot(parentType)) throw new Error(`${parentType}.${name} declares no authScopes; say { public: true } if that is meant`);
  if (typeof scopes === 'function') throw new Error(`${parentType}.${name} has a computed guard, which the SDL cannot show`);
  return Object.keys(scopes ?? {}).filter((scope) => scope !== 'public');
}

/** Whether all who lack a scope get the same answer: no hook of the field makes it, and plain scopes decide. */
const refusesAlike = <Types extends SchemaTypes>({ pothosOptions }: PothosOutputFieldConfig<Types>, scopes: readonly string[]): boolean =>
  !pothosOptions.unauthorizedError && !pothosOptions.unauthorizedResolver && scopes.every((scope) => !scope.startsWith('$'));

/** The scopes that a root field needs, all of them. None: it is open, or its refusal may differ between those who lack the same. */
export const scopesNeeded = (field: GraphQLField<unknown, unknown> | undefined): readonly string[] =>
  field?.extensions.refusesAlike === true ? guardsNoted(field) : [];

/** Whether a field was declared with `credentials: true`. */
export const handlesCredentials = ({ extensions }: GraphQLField<unknown, unknown>): boolean => extensions.credentials === true;

/** What each field of a schema needs, by the name of type and field. */
export const guardsIn = (schema: GraphQLSchema): [string, readonly string[]][] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, guardsNoted(field)]));

const guardsNoted = ({ extensions: { guards } }: GraphQLField<unknown, unknown>): string[] =>
  Array.isArray(guards) ? guards.map(String) : [];

const isRoot = (type: string): boolean => ['Query', 'Mutation', 'Subscription'].includes(type);

/** Every scope but `public` implies that the viewer is signed in. */
function directivesFor(names: string[]) {
  if (names.length === 0) return undefined;
  const scopes = names.filter((name) => name !== 'authenticated');
  return scopes.length === 0 ? { authenticated: {} } : { requiresScopes: { scopes: [scopes] } };
}

function statusOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('status' in payload)) return null;
  const { status } = payload;
  if (typeof status !== 'object' || status === null || !('code' in status)) return null;
  return outcomeOfStatus(String(status.code));
}

SchemaBuilder.registerPlugin('fieldRules', FieldRulesPlugin);
export default 'fieldRules' as const;
