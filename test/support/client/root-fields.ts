import { buildSchema, type GraphQLField, getDirectiveValues } from 'graphql';
import { guardDirectives } from '../../../src/graphql/field-rules.ts';
import { selectionOf } from './selection.ts';

/** A root field, with a selection that asks for no more than it needs. */
export type RootField = { readonly keyword: string; readonly root: string; readonly name: string; readonly selection: string } & Guard;
/** Whom a field answers: the public, or people signed in who have all the scopes. */
export type Guard = { readonly isPublic: boolean; readonly scopes: readonly string[] };

function guardOf({ astNode }: GraphQLField<unknown, unknown>): Guard {
  const names = astNode?.directives?.map(({ name }) => name.value) ?? [];
  const directive = guardDirectives.find(({ name }) => name === 'requiresScopes');
  const values = astNode && directive && getDirectiveValues(directive, astNode);
  const scopes = [values?.scopes ?? []].flat(2).map(String);
  return { isPublic: !names.includes('authenticated') && scopes.length === 0, scopes };
}

/** The fields of Query, Mutation and Subscription. @param sdl with the guards as directives */
export function rootFields(sdl: string): RootField[] {
  const schema = buildSchema(sdl);
  return [
    { keyword: 'query', type: schema.getQueryType() },
    { keyword: 'mutation', type: schema.getMutationType() },
    { keyword: 'subscription', type: schema.getSubscriptionType() },
  ].flatMap(({ keyword, type }) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      return { keyword, root: type?.name ?? '', name: field.name, selection: selectionOf(field), ...guardOf(field) };
    }),
  );
}
