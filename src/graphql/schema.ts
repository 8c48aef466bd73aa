import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { GraphQLSchema, lexicographicSortSchema, specifiedDirectives } from 'graphql';
import type { Scopes } from '../shared/feature.ts';
import { OperatorError } from '../shared/operator-error.ts';
import { builder } from './builder.ts';
import { BUILT_IN } from './check-scopes.ts';
import { guardDirectives, guardsIn } from './field-rules.ts';

/** Of all fields that are loaded by now: features.ts loads them. */
export const buildSchema = (): GraphQLSchema =>
  new GraphQLSchema({
    ...builder.toSchema({ directives: [...specifiedDirectives, ...guardDirectives] }).toConfig(),
    description: DESCRIPTION,
  });

const DESCRIPTION =
  'Accounts and tokens. `register` or `login` answers with a token; send it as `Authorization: Token <key>`. A field with a guard answers only to those whom the guard names.';

/** @throws OperatorError for a field whose guard names a scope that no feature declares: no viewer could have it */
export function checkGuards(schema: GraphQLSchema, scopes: Scopes): void {
  for (const [field, names] of guardsIn(schema)) {
    const unknown = names.find((name) => !BUILT_IN.includes(name) && !Object.hasOwn(scopes, name));
    if (unknown) throw new OperatorError(`${field} needs the scope "${unknown}", which no feature declares.`);
  }
}

/** What `schema.graphql` holds. */
export const sdl = (): string => `${printSchemaWithDirectives(lexicographicSortSchema(buildSchema()))}\n`;
