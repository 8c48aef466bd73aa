import { readFileSync } from 'node:fs';
import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import {
  buildSchema,
  type GraphQLDirective,
  type GraphQLNamedType,
  isDirective,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import FieldRulesPlugin from '../../src/graphql/field-rules.ts';
import '../../src/features.ts';
import { sdl } from '../../src/graphql/schema.ts';

describe('schema.graphql', () => {
  it('is what the code says; `npm run schema` prints it anew', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(sdl());
  });

  it('describes every type, field, argument, enum value and directive', () => {
    const schema = buildSchema(sdl());
    const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));
    const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
    const described = [...types, ...directives].flatMap((thing) => [
      { path: thing.name, description: thing.description },
      ...partsOf(thing),
    ]);
    expect(described.length).toBeGreaterThan(200);
    expect(described.filter(({ description }) => !description?.trim()).map(({ path }) => path)).toEqual([]);
  });
});

type Part = { readonly path: string; readonly description?: string | null | undefined };
type Named = { readonly name: string; readonly description?: string | null | undefined; readonly args?: readonly Named[] };

const partsOf = (thing: GraphQLNamedType | GraphQLDirective): Part[] => childrenOf(thing).flatMap((child) => partsIn(thing.name, child));

function childrenOf(thing: GraphQLNamedType | GraphQLDirective): readonly Named[] {
  if (isDirective(thing)) return thing.args;
  if (isEnumType(thing)) return thing.getValues();
  return isObjectType(thing) || isInterfaceType(thing) || isInputObjectType(thing) ? Object.values<Named>(thing.getFields()) : [];
}

function partsIn(parent: string, { name, description, args = [] }: Named): Part[] {
  const path = `${parent}.${name}`;
  return [{ path, description }, ...args.flatMap((arg) => partsIn(path, arg))];
}

describe('building the schema', () => {
  const build = (options: object) => {
    const builder = new SchemaBuilder<{ AuthScopes: { public: boolean; authenticated: boolean; staff: boolean } }>({
      plugins: [ScopeAuthPlugin, FieldRulesPlugin],
      scopeAuth: { authScopes: () => ({ public: true, authenticated: true, staff: true }) },
    });
    builder.queryType({ fields: (t) => ({ open: t.boolean({ resolve: () => true, ...options }) }) });
    return builder.toSchema();
  };

  it('works when every root field states its guard', () => {
    expect(() => build({ authScopes: { public: true } })).not.toThrow();
  });

  it.each([
    { authScopes: { public: true }, directives: undefined },
    { authScopes: { authenticated: true }, directives: { authenticated: {} } },
    { authScopes: { staff: true }, directives: { requiresScopes: { scopes: [['staff']] } } },
    { authScopes: { authenticated: true, staff: true }, directives: { requiresScopes: { scopes: [['staff']] } } },
  ])('turns $authScopes into its directive', ({ authScopes, directives }) => {
    expect(build({ authScopes }).getQueryType()?.getFields().open?.extensions.directives).toEqual(directives);
  });

  it('fails for a root field that does not', () => {
    expect(() => build({})).toThrow('Query.open declares no authScopes');
  });

  it('fails for a guard that the SDL cannot show', () => {
    expect(() => build({ authScopes: () => ({ public: true }) })).toThrow('Query.open has a computed guard');
  });
});
