import { type GraphQLField, type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlesCredentials } from '../../../src/graphql/field-rules.ts';
import '../../../src/features.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { selectionOf } from '../../support/client/selection.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

type Field = GraphQLField<unknown, unknown>;

const mutations = Object.values(buildSchema().getMutationType()?.getFields() ?? {});
const marked = mutations.filter(handlesCredentials);
const pairs = marked.flatMap((one, n) => marked.slice(n).map((other) => ({ one, other, names: `${one.name} and ${other.name}` })));

const takes = (type: GraphQLInputType, name: RegExp): boolean => {
  const named = getNamedType(type);
  return isInputObjectType(named) && Object.keys(named.getFields()).some((field) => name.test(field));
};

const REFUSAL = 'An operation may have one field that handles credentials. Send the others on their own.';

const ways: { way: string; write: (one: Field, other: Field) => string }[] = [
  { way: 'by aliases', write: (one, other) => `mutation { a: ${selectionOf(one)} b: ${selectionOf(other)} }` },
  { way: 'by name', write: (one, other) => `mutation { ${selectionOf(one)} ${selectionOf(other)} }` },
  { way: 'in an inline fragment', write: (one, other) => `mutation { a: ${selectionOf(one)} ... { b: ${selectionOf(other)} } }` },
  {
    way: 'in fragments',
    write: (one, other) =>
      `mutation { ...f ...g } fragment f on Mutation { a: ${selectionOf(one)} } fragment g on Mutation { ... on Mutation { b: ${selectionOf(other)} } }`,
  },
  { way: 'apart', write: (one, other) => `mutation { a: ${selectionOf(one)} logout { __typename } b: ${selectionOf(other)} }` },
];

describe.each(pairs)('$names in one operation', ({ one, other }) => {
  it.each(ways)('$way: refused', async ({ write }) => {
    const { status, errors, data } = await app.graphql(write(one, other));
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ message: REFUSAL, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(data ?? null).toBeNull();
  });
});

describe('the fields that handle credentials', () => {
  it('are all that take a password, and those that mail a way to set one', () => {
    const takingPasswords = mutations.filter(({ args }) => args.some(({ type }) => takes(type, /password/i)));
    expect(marked).toEqual(expect.arrayContaining(takingPasswords));
    expect(marked.map(({ name }) => name)).toEqual(expect.arrayContaining(['login', 'requestPasswordReset']));
  });

  it('are answered one at a time, beside others', async () => {
    const login = 'login(input: { username: "x", password: "x" }) { status { code } }';
    const beside = await app.graphql(`mutation { ${login} logout { __typename } }`);
    expect(beside.data.login.status.code).toBe('400 BAD REQUEST');
  });

  it('that are refused together have not run', async () => {
    const input = (name: string) => `register(input: { username: "${name}", password: "tr0mbone-Quartz-11" }) { token }`;
    await app.graphql(`mutation { a: ${input('first')} b: ${input('second')} }`);
    expect(await app.sql('select * from users')).toEqual([]);
  });
});
