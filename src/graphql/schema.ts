import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, lexicographicSortSchema, specifiedDirectives } from 'graphql';
import { builder } from './builder.ts';
import { guardDirectives } from './field-rules.ts';

/** Of all fields that are loaded by now: features.ts loads them. */
export const buildSchema = (): GraphQLSchema => builder.toSchema({ directives: [...specifiedDirectives, ...guardDirectives] });

/** What `schema.graphql` holds. */
export const sdl = (): string => `${printSchemaWithDirectives(lexicographicSortSchema(buildSchema()))}\n`;
