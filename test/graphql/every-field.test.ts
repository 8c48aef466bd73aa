import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, type GraphQLNamedType, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { selectionOf } from '../support/client/selection.ts';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** Every field of a type, and of the types that it leads to. */
function everything(type: GraphQLNamedType, path: readonly string[] = []): string {
  if (!isObjectType(type)) return '';
  if (path.includes(type.name)) return '{ __typename }';
  const fields = Object.values(type.getFields()).map(
    (field) => `${field.name} ${everything(getNamedType(field.type), [...path, type.name])}`,
  );
  return `{ __typename ${fields.join(' ')} }`;
}

/** Inputs with which a mutation shows what it has done; the others answer with a status alone. */
const inputs: Record<string, string> = {
  register: `{ username: "carl", password: "${GOOD_PASSWORD}" }`,
  login: `{ username: "ada", password: "${GOOD_PASSWORD}" }`,
  createToken: `{ name: "script", password: "${GOOD_PASSWORD}" }`,
  updateProfile: '{ firstName: "Ada", lastName: "Byron" }',
  setUserActive: '{ id: "2", isActive: true }',
  setUserStaff: '{ id: "2", isStaff: true }',
  setUserSuperuser: '{ id: "2", isSuperuser: true }',
  setUserScopes: '{ id: "2", scopes: [] }',
  createUser: `{ username: "dora", password: "${GOOD_PASSWORD}" }`,
  updateUser: '{ id: "2", lastName: "Brown" }',
  unlockUser: '{ id: "2" }',
};

function operation(keyword: string, field: GraphQLField<unknown, unknown>): string {
  const selection = everything(getNamedType(field.type));
  const input = inputs[field.name];
  const asked = input ? `${field.name}(input: ${input}) ${selection}` : selectionOf(field).replace('{ __typename }', selection);
  return `${keyword} { ${asked} }`;
}

/** Whatever a type may be reached by, but what ends the session. */
const roots = [
  { keyword: 'query', type: schema.getQueryType() },
  { keyword: 'mutation', type: schema.getMutationType() },
].flatMap(({ keyword, type }) => Object.values(type?.getFields() ?? {}).map((field) => ({ keyword, field, name: field.name })));
const asked = roots.filter(({ name }) => !/^(logout|deleteAccount|revokeAllTokens|revokeToken|revokeUserTokens?|deleteUser)$/.test(name));

type Seen = Record<string, unknown>;

/** Every object of a type in an answer. */
function seen(value: unknown, typename: string): Seen[] {
  if (Array.isArray(value)) return value.flatMap((item) => seen(item, typename));
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap((item) => seen(item, typename));
  return '__typename' in value && value.__typename === typename ? [{ ...value }, ...inside] : inside;
}

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('ada', { email: 'ada@example.com', firstName: 'Ada', lastName: 'Byron' }));
  await app.register('bob', { email: 'bob@example.com', firstName: 'Bob', lastName: 'Builder' });
  await app.sql('update users set is_superuser = true, is_staff = true, email_verified = true, last_login = now()');
});
afterAll(() => app.close());

const reference = async (id: unknown): Promise<Seen> => {
  const type = schema.getType('User');
  const { data } = await app.graphql(`query ($id: ID!) { user(id: $id) ${type ? everything(type) : ''} }`, { token, variables: { id } });
  return data.user;
};

describe('every field of every type', () => {
  it.each(asked)('can be selected through $keyword $name', async ({ keyword, field, name }) => {
    const query = operation(keyword, field);
    const { data, errors } = await app.graphql(query, { token });
    expect(errors).toEqual([]);
    const users = seen(data, 'User');
    if (inputs[name] && everything(getNamedType(field.type)).includes('username')) expect(users).not.toEqual([]);
    for (const user of users) expect(user).toEqual(await reference(user.id));
  });

  it('of a user is filled in where the column is', async () => {
    expect(Object.entries(await reference('2')).filter(([, value]) => value === null || value === false || value === '')).toEqual([]);
  });
});
