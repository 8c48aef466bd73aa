import { type GraphQLField, getDirectiveValues } from 'graphql';
import { guardDirectives } from '../src/graphql/field-rules.ts';

/** Sets of scopes, one of which a viewer needs whole. `[[]]`: no token is needed. Every other scope implies `authenticated`. */
export type Guard = readonly (readonly string[])[];

const requiresScopes = guardDirectives.find(({ name }) => name === 'requiresScopes');

/** The guard of a field, as the SDL that it was read from states it. */
export function guardOf({ astNode }: GraphQLField<unknown, unknown>): Guard {
  const given = astNode && requiresScopes && getDirectiveValues(requiresScopes, astNode)?.scopes;
  if (isSets(given)) return given.map((scopes) => ['authenticated', ...scopes]);
  return astNode?.directives?.some(({ name }) => name.value === 'authenticated') ? [['authenticated']] : [[]];
}

const isSets = (value: unknown): value is string[][] => Array.isArray(value) && value.every(Array.isArray);

/** Whether a guard admits every viewer that another one admitted. It does not know of scopes that imply others. */
export const admitsAllOf = (guard: Guard, other: Guard): boolean =>
  other.every((held) => guard.some((needed) => needed.every((scope) => held.includes(scope))));
