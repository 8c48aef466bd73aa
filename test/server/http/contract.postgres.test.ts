import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';

let app: TestApp;
let inactive: string;
beforeAll(async () => {
  app = await createTestApp();
  const { id, token } = await app.register('inactive');
  await app.sql('update users set is_active = false where id = ?', [id]);
  inactive = token;
});
afterAll(() => app.close());

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const wrongType = { input: { username: 1, password: 'x' } };

describe.each([
  { accept: GRAPHQL_TYPE, statusOf: (status: number) => status },
  { accept: JSON_TYPE, statusOf: () => 200 },
])('to a client that accepts $accept', ({ accept, statusOf }) => {
  it.each([
    { field: 'hello', authorization: '', reason: 'MISSING' },
    { field: 'hello', authorization: 'Token', reason: 'MALFORMED' },
    { field: 'hello', authorization: 'Token 0', reason: 'INVALID' },
    { field: 'hello', authorization: 'Token {inactive}', reason: 'INACTIVE' },
    { field: 'me { id }', authorization: '', reason: 'MISSING' },
  ])('$field with the header "$authorization" is refused: UNAUTHENTICATED, $reason', async ({ field, authorization, reason }) => {
    const headers = { Authorization: authorization.replace('{inactive}', inactive) };
    const reply = await app.graphql(`{ ${field} }`, { accept, headers });
    expect(reply.status).toBe(statusOf(401));
    expect(reply.headers.get('www-authenticate')).toBe('Token');
    expect(reply.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(reply.errors).toMatchObject([{ path: [field.split(' ', 1)[0]], extensions: { code: 'UNAUTHENTICATED', reason } }]);
  });

  it.each([
    { what: 'a syntax error', query: '{ hello', code: 'GRAPHQL_PARSE_FAILED' },
    { what: 'an unknown field', query: '{ goodbye }', code: 'GRAPHQL_VALIDATION_FAILED' },
    { what: 'a literal of the wrong type', query: '{ __type(name: 1) { name } }', code: 'GRAPHQL_VALIDATION_FAILED' },
    { what: 'a variable of the wrong type', query: LOGIN, variables: wrongType, code: 'BAD_USER_INPUT' },
    { what: 'a missing variable', query: LOGIN, code: 'BAD_USER_INPUT' },
    { what: 'a null that arrives through a variable with a default', query: nullInside(), variables: { u: null }, code: 'BAD_USER_INPUT' },
  ])('$what is $code', async ({ query, variables = {}, code }) => {
    const reply = await app.graphql(query, { accept, variables });
    expect(reply.status).toBe(statusOf(400));
    expect(reply.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(reply.errors.map(({ extensions }) => extensions)).toEqual([{ code }]);
    expect(reply.data ?? null).toBeNull();
  });

  it('a refused field leaves its siblings alone', async () => {
    const reply = await app.graphql('{ __typename hello }', { accept });
    expect(reply.data).toEqual({ __typename: 'Query', hello: null });
  });
});

function nullInside(): string {
  return 'mutation ($u: String = "x") { login(input: { username: $u, password: "x" }) { token } }';
}

describe('a variable that does not fit', () => {
  it.each([
    {
      what: 'an unknown field',
      input: { username: 'a', password: 'b', isStaff: true },
      message: 'Variable "$input" is not valid. Field "isStaff" is not defined by type "LoginInput".',
    },
    {
      what: 'a missing field',
      input: { username: 'a' },
      message: 'Variable "$input" is not valid. Field "password" of required type "String!" was not provided.',
    },
    {
      what: 'a wrong type',
      input: { username: 1, password: 'b' },
      message: 'Variable "$input.username" is not valid. String cannot represent a non string value.',
    },
  ])('is described: where, and what was expected: $what', async ({ input, message }) => {
    const { errors } = await app.graphql(LOGIN, { variables: { input } });
    expect(errors.map((error) => error.message)).toEqual([message]);
  });

  it('is the only one that is described: looking for others would cost more than it tells', async () => {
    const { errors } = await app.graphql(LOGIN, { variables: { input: { username: 1, password: 'b', isStaff: true, ...numbered(900) } } });
    expect(errors.map(({ message }) => message)).toEqual([
      'Variable "$input.username" is not valid. String cannot represent a non string value.',
    ]);
  });

  it('is refused likewise in a subscription and in a query that was answered before', async () => {
    const subscription = 'subscription ($no: Boolean!, $yes: Boolean!) { tokenRevoked { reason @skip(if: $no) tokenId @skip(if: $yes) } }';
    const query = 'query ($no: Boolean!, $yes: Boolean!) { a: __typename @skip(if: $no) b: __typename @skip(if: $yes) }';
    await app.graphql(query, { variables: { no: false, yes: false } });
    for (const document of [subscription, query]) {
      const { errors } = await app.graphql(document, { variables: { no: 'x', yes: 'y' } });
      expect(errors.map(({ message }) => message)).toEqual(['Variable "$no" is not valid. Boolean cannot represent a non boolean value.']);
    }
  });
});

const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
