import { readFileSync } from 'node:fs';
import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import GuardsPlugin from '../../src/graphql/guards.ts';
import { sdl } from '../../src/graphql/schema.ts';

describe('schema.graphql', () => {
  it('is what the code says; `npm run schema` prints it anew', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(sdl());
  });

  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(buildSchema(sdl()).getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    expect(types.filter((type) => !isSpecifiedScalarType(type)).flatMap(undescribed)).toEqual([]);
  });
});

function undescribed(type: GraphQLNamedType): string[] {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const args = fields.flatMap((field) => field.args);
  const inputs = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  const values = isEnumType(type) ? type.getValues() : [];
  return [type, ...fields, ...args, ...inputs, ...values]
    .filter(({ description }) => !description)
    .map(({ name }) => `${type.name}: ${name}`);
}

describe('building the schema', () => {
  const build = (options: object) => {
    const builder = new SchemaBuilder<{ AuthScopes: { public: boolean; authenticated: boolean; staff: boolean } }>({
      plugins: [ScopeAuthPlugin, GuardsPlugin],
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
