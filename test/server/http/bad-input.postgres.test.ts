import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { jsonBody, SECRET, sendHarmless } from '../../support/client/harmless.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.register('witness');
});
afterAll(() => app.close());

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { status { code } errors { field code } user { id } } }';
const register = (input: unknown) => jsonBody({ query: REGISTER, variables: { input } });
const input = { username: 'stranger', password: `${SECRET}-1` };
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe('a body that is not what it should be is a client error without an echo', () => {
  it.each([
    { what: 'nothing', body: '' },
    { what: 'null', body: 'null' },
    { what: 'a number', body: '1' },
    { what: 'a string', body: `"${SECRET}"` },
    { what: 'an array', body: `["${SECRET}"]` },
    { what: 'a batch', body: [{ query: `{ ${SECRET} }` }] },
    { what: 'broken JSON', body: `{"query": "{ __typename }", "variables": {"password": "${SECRET}` },
    { what: 'JSON and more', body: `{"query": "{ __typename }"} ${SECRET}` },
    { what: 'JSON in single quotes', body: `{'query': '${SECRET}'}` },
    { what: 'no query', body: { variables: { password: SECRET } } },
    { what: 'a query that is null', body: { query: null, variables: { password: SECRET } } },
    { what: 'a query that is empty', body: { query: '', variables: { password: SECRET } } },
    { what: 'a query that is a number', body: { query: 1, variables: { password: SECRET } } },
    { what: 'a query that is an object', body: { query: { [SECRET]: 1 } } },
    { what: 'variables that are a string', body: { query: REGISTER, variables: SECRET } },
    { what: 'variables that are a list', body: { query: REGISTER, variables: [SECRET] } },
    { what: 'extensions that are a string', body: { query: '{ __typename }', extensions: SECRET } },
    { what: 'an operation name that does not occur', body: { query: 'query A { __typename }', operationName: SECRET } },
    { what: 'an operation name that is an object', body: { query: 'query A { __typename }', operationName: { [SECRET]: 1 } } },
    { what: 'UTF-16', body: Buffer.from(JSON.stringify({ query: `{ ${SECRET} }` }), 'utf16le') },
    { what: 'UTF-16 with a byte order mark', body: Buffer.from(`\uFEFF${JSON.stringify({ query: `{ ${SECRET} }` })}`, 'utf16le') },
    {
      what: 'Latin-1',
      body: Buffer.from(JSON.stringify({ query: REGISTER, variables: { input: { ...input, password: `${SECRET}é` } } }), 'latin1'),
    },
    { what: '50,000 nested brackets', body: nested('[', ']', 50_000) },
    { what: '99,999 brackets that never close', body: '['.repeat(99_999) },
    { what: '2,000 nested objects', body: `{"query": ${nested('{"a":', '}', 2000).replace('}', '1}')}}` },
  ])('$what', async ({ body }) => {
    const reply = await sendHarmless(app, jsonBody(body));
    expect(reply.status).toBe(400);
    expect(reply.json.data ?? null).toBeNull();
  });

  it.each(['variables', 'extensions'])('broken JSON in the parameter "%s" of a GET', async (name) => {
    const reply = await sendHarmless(app, { path: `/graphql?query=%7B__typename%7D&${name}=%7B%22a%22%3A${SECRET}` });
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toEqual([{ message: `The parameter "${name}" is not JSON.`, extensions: { code: 'BAD_REQUEST' } }]);
  });
});

describe('a body that does not arrive', () => {
  it('is nothing to log: anybody may hang up', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n';
    const received = await overOneConnection(app.url, `${head}{"query": "{ ${SECRET}`, { hangUp: true });
    expect(received).toMatch(/^HTTP\/1.1 400 /);
    await sendHarmless(app, jsonBody('{'));
  });
});

describe('an input that is too much', () => {
  it.each([
    { what: 'a password of 1 MB', request: register({ ...input, password: SECRET.repeat(100_000) }), status: 413 },
    { what: 'a header of 17 KB', request: { query: '{ hello }', headers: ['X-Secret', SECRET.repeat(1600)] }, status: 431 },
    { what: 'a token of 17 KB', request: { query: '{ hello }', headers: ['Authorization', `Token ${SECRET.repeat(1600)}`] }, status: 431 },
    { what: 'a URL of 17 KB', request: { path: `/graphql?query=%7B__typename%7D&variables=${SECRET.repeat(1600)}` }, status: 431 },
  ])('$what: $status', async ({ request, status }) => {
    expect((await sendHarmless(app, request)).status).toBe(status);
  });
});

describe('text that cannot be stored is a field error', () => {
  it.each([
    { what: 'NUL in the username', patch: { username: `a\0${SECRET}` }, error: { field: 'username', code: 'INVALID' } },
    { what: 'NUL in the password', patch: { password: `${SECRET}\0` }, error: { field: 'password', code: 'NULL_CHARACTERS_NOT_ALLOWED' } },
    {
      what: 'NUL in the first name',
      patch: { firstName: `${SECRET}\0` },
      error: { field: 'firstName', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
    },
    { what: 'NUL in the email address', patch: { email: `${SECRET}\0@example.com` }, error: { field: 'email', code: 'INVALID' } },
    { what: 'a lone surrogate in the username', patch: { username: `${SECRET}\uD800` }, error: { field: 'username', code: 'INVALID' } },
    { what: 'a lone surrogate in the password', patch: { password: `${SECRET}\uDC00` }, error: { field: 'password', code: 'INVALID' } },
    { what: 'a lone surrogate in the last name', patch: { lastName: `\uD800${SECRET}` }, error: { field: 'lastName', code: 'INVALID' } },
    {
      what: 'a username of 151 characters',
      patch: { username: SECRET.padEnd(151, 'x') },
      error: { field: 'username', code: 'MAX_LENGTH' },
    },
    {
      what: 'a first name of 151 characters',
      patch: { firstName: SECRET.padEnd(151, 'x') },
      error: { field: 'firstName', code: 'MAX_LENGTH' },
    },
    {
      what: 'a last name of 151 characters',
      patch: { lastName: SECRET.padEnd(151, 'x') },
      error: { field: 'lastName', code: 'MAX_LENGTH' },
    },
    { what: 'a password of 90 kB', patch: { password: SECRET.padEnd(90_000, 'x') }, error: { field: 'password', code: 'MAX_LENGTH' } },
    {
      what: 'an email address of 255 characters',
      patch: { email: `${SECRET}@${'x'.repeat(239)}.com` },
      error: { field: 'email', code: 'MAX_LENGTH' },
    },
  ])('$what', async ({ patch, error }) => {
    const reply = await sendHarmless(app, register({ ...input, password: GOOD_PASSWORD, ...patch }));
    expect(reply.json.data.register).toEqual({ status: { code: '400 BAD REQUEST' }, errors: [error], user: null });
  });
});

describe('a key that the protocol does not have is ignored, as clients send some of their own', () => {
  it.each([
    { what: 'Apollo’s operationType', body: { query: '{ __typename }', operationType: 'query' } },
    { what: 'Relay’s id', body: { id: null, query: '{ __typename }', doc_id: '5d41' } },
    { what: 'a name nobody knows', body: { query: '{ __typename }', [SECRET]: { a: [1] } } },
    { what: '__proto__', body: `{"query": "{ __typename }", "__proto__": {"query": 1, "variables": "${SECRET}"}}` },
  ])('$what', async ({ body }) => {
    const reply = await sendHarmless(app, jsonBody(body));
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('names that mean something to JavaScript', () => {
  it.each(['__proto__', 'constructor', 'toString', 'null', 'undefined'])('%s is a name like any other', async (name) => {
    const { token, password } = await app.register(name, { firstName: name, lastName: name });
    const query = `{ __proto__: me { constructor: username firstName lastName } }`;
    const { text } = await app.graphql(query, { token });
    expect(text).toBe(`{"data":{"__proto__":{"constructor":"${name}","firstName":"${name}","lastName":"${name}"}}}`);
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { username } } }';
    const { data } = await app.graphql(login, { variables: { input: { username: name, password } } });
    expect(data.login.user).toEqual({ username: name });
  });

  it('a byte order mark before the JSON is no matter', async () => {
    const body = Buffer.from('\uFEFF{"query": "{ __typename }"}');
    expect((await rawRequest(app.url, { body, headers: ['Content-Type', JSON_TYPE] })).json).toEqual({ data: { __typename: 'Query' } });
  });
});
