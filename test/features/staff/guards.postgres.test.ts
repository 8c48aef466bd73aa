import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, getDirectiveValues, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardDirectives } from '../../../src/graphql/field-rules.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { selectionOf } from '../../support/client/selection.ts';

/** Every field that schema.graphql keeps for a scope, asked for by everybody: a new one is tested without being named here. */
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const requiresScopes = guardDirectives.find(({ name }) => name === 'requiresScopes');

/** How to get to what is no root field. */
const pathsTo: Record<string, (selection: string) => string> = {
  Query: (selection) => `{ ${selection} }`,
  Mutation: (selection) => `mutation { ${selection} }`,
  SecurityEvent: (selection) => `{ securityEvents { edges { node { ${selection} } } } }`,
};

const scopesOf = ({ astNode }: GraphQLField<unknown, unknown>): string[] => {
  const values = astNode && requiresScopes && getDirectiveValues(requiresScopes, astNode);
  return [values?.scopes ?? []].flat(2).map(String);
};

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ type: type.name, field, name: field.name, scopes: scopesOf(field) })),
  )
  .filter(({ scopes }) => scopes.length > 0);

const people = ['plain', 'staff', 'superuser'] as const;
const mayAll: Record<(typeof people)[number], string[]> = { plain: [], staff: ['staff'], superuser: ['staff', 'superuser'] };

let app: TestApp;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp();
  await app.register('whoever'); // has the id 1, which the fields are asked for
  for (const who of people) tokens[who] = (await app.register(who)).token;
  await app.sql("update users set is_staff = true where username = 'staff'");
  await app.sql("update users set is_superuser = true where username = 'superuser'"); // and not is_staff: the one implies the other
});
afterAll(() => app.close());

it('the schema has guarded fields', () => {
  const names = fields.map(({ name, scopes }) => `${name} ${scopes}`);
  for (const name of ['users staff', 'user staff', 'userSecurityEvents staff', 'setUserActive staff', 'setUserSuperuser superuser']) {
    expect(names).toContain(name);
  }
});

describe.each(fields)('$type.$name for $scopes', ({ type, field, scopes }) => {
  const query = () => pathsTo[type]?.(selectionOf(field)) ?? `no path to ${type}`;

  it('refuses strangers', async () => {
    const reply = await app.graphql(query());
    expect([reply.status, reply.errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each(people)('admits %s if and only if the scopes say so', async (who) => {
    const isAllowed = scopes.every((scope) => mayAll[who].includes(scope));
    for (const accept of [GRAPHQL_TYPE, JSON_TYPE]) {
      const { status, errors } = await app.graphql(query(), { token: tokens[who] ?? '', accept });
      expect(status).toBe(isAllowed || accept === JSON_TYPE ? 200 : 403);
      const refused = { message: 'You do not have permission to perform this action.', extensions: { code: 'FORBIDDEN' } };
      expect(errors).toMatchObject(isAllowed ? [] : [refused]);
    }
  });
});
