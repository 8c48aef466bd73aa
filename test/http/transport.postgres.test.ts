import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAPHQL_TYPE, JSON_TYPE } from '../support/graphql-client.ts';
import { overOneConnection } from '../support/one-connection.ts';
import { rawRequest } from '../support/raw-request.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const query = '{ __typename }';
const body = JSON.stringify({ query });
const get = (document: string) => `/graphql?query=${encodeURIComponent(document)}`;
const post = (content: string, type = JSON_TYPE) => ({ body: content, headers: ['Content-Type', type] });
const mutation = 'mutation { login(input: { username: "a", password: "b" }) { token } }';

describe('every reply of the API forbids caching and names what it depends on', () => {
  it.each([
    { what: 'an answer', request: { query }, status: 200 },
    { what: 'an answer to GET', request: { path: get(query) }, status: 200 },
    { what: 'a refusal', request: { query: '{ hello }' }, status: 401 },
    { what: 'a syntax error', request: { query: '{' }, status: 400 },
    { what: 'a broken body', request: post('{'), status: 400 },
    { what: 'a batch', request: post(`[${body}, ${body}]`), status: 400 },
    { what: 'no query', request: {}, status: 400 },
    { what: 'a mutation by GET', request: { path: get(mutation) }, status: 405 },
    { what: 'another method', request: { method: 'DELETE' }, status: 405 },
    { what: 'a preflight that is not served', request: { method: 'OPTIONS' }, status: 405 },
    { what: 'no media type in common', request: { body, headers: ['Content-Type', JSON_TYPE, 'Accept', 'image/png'] }, status: 406 },
    { what: 'a large body', request: post(' '.repeat(100_001)), status: 413 },
    { what: 'another content type', request: post(query, 'application/graphql'), status: 415 },
  ])('$what: $status', async ({ request, status }) => {
    const reply = await rawRequest(app.url, request);
    expect(reply.status).toBe(status);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.headers.vary).toBe('Authorization, Accept');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('methods', () => {
  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('%s is refused and told what is allowed', async (method) => {
    const reply = await rawRequest(app.url, { method, path: get(query) });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('GET, POST');
    expect(reply.text).toBe(method === 'HEAD' ? '' : 'Use GET or POST.');
  });

  it('GET answers a query, with its variables and the operation it names', async () => {
    const document = 'query A($with: Boolean!) { __typename @include(if: $with) } query B { b: __typename }';
    const both = await rawRequest(app.url, { path: `${get(document)}&operationName=A&variables=%7B%22with%22%3Atrue%7D` });
    expect(both.json).toEqual({ data: { __typename: 'Query' } });
    expect((await rawRequest(app.url, { path: `${get(document)}&operationName=B&variables=` })).json).toEqual({ data: { b: 'Query' } });
  });

  it.each([GRAPHQL_TYPE, JSON_TYPE])('GET never runs a mutation, and says what does, as %s', async (accept) => {
    const reply = await rawRequest(app.url, { path: get(mutation), headers: ['Accept', accept] });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('POST');
    expect(reply.headers['content-type']).toBe(`${accept}; charset=utf-8`);
    expect(reply.json).not.toHaveProperty('data');
  });

  it('GET does not read a body', async () => {
    const reply = await rawRequest(app.url, { method: 'GET', path: get('{ a: __typename }'), ...post(body) });
    expect(reply.json).toEqual({ data: { a: 'Query' } });
  });
});

describe('the content type of a body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON ; Charset="utf-8"',
    'application/json; charset=utf8',
    'application/json; profile="x"',
  ])('%s is executed', async (type) => {
    expect((await rawRequest(app.url, post(body, type))).json).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    { type: 'application/x-www-form-urlencoded', content: `query=${encodeURIComponent(query)}` },
    {
      type: 'multipart/form-data; boundary=x',
      content: `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${body}\r\n--x--`,
    },
    { type: 'text/plain', content: body },
    { type: 'application/graphql', content: query },
    { type: 'application/graphql+json', content: body },
    { type: 'application/json; charset=utf-16', content: body },
    { type: 'application/json; charset=iso-8859-1', content: body },
    { type: 'application/json, text/plain', content: body },
    { type: 'application/jsonp', content: body },
    { type: '', content: body },
  ])('"$type" is refused, so that no form of a foreign page can act', async ({ type, content }) => {
    const reply = await rawRequest(app.url, post(content, type));
    expect(reply.status).toBe(415);
    expect(reply.text).toBe('Send the body as application/json in UTF-8.');
  });
});

describe('the media type of the answer', () => {
  it.each([
    { accept: undefined, type: JSON_TYPE },
    { accept: '*/*', type: JSON_TYPE },
    { accept: 'application/*', type: JSON_TYPE },
    { accept: 'text/html, */*;q=0.8', type: JSON_TYPE },
    { accept: 'application/json, application/graphql-response+json', type: JSON_TYPE },
    { accept: 'application/graphql-response+json,application/json;q=0.9', type: GRAPHQL_TYPE },
    { accept: 'multipart/mixed;deferSpec=20220824, Application/GraphQL-response+JSON ; charset=utf-8', type: GRAPHQL_TYPE },
    { accept: 'application/json, text/event-stream', type: JSON_TYPE },
  ])('to $accept is $type', async ({ accept, type }) => {
    const reply = await rawRequest(app.url, { body, headers: ['Content-Type', JSON_TYPE, ...(accept ? ['Accept', accept] : [])] });
    expect(reply.headers['content-type']).toBe(`${type}; charset=utf-8`);
  });

  it.each(['multipart/mixed', 'text/html', 'application/xml'])('is none of ours for %s: nothing is executed', async (accept) => {
    const input = '{ username: "unseen", password: "tr0mbone-Quartz-11" }';
    const register = JSON.stringify({ query: `mutation { register(input: ${input}) { token } }` });
    const reply = await rawRequest(app.url, { body: register, headers: ['Content-Type', JSON_TYPE, 'Accept', accept] });
    expect(reply.status).toBe(406);
    expect(await app.sql('select * from users')).toEqual([]);
  });
});

describe('the length of a body', () => {
  const padded = (length: number) => body + ' '.repeat(length - body.length);

  it('may be 100,000 bytes, not one more', async () => {
    expect((await rawRequest(app.url, post(padded(100_000)))).status).toBe(200);
    expect((await rawRequest(app.url, post(padded(100_001)))).status).toBe(413);
  });

  const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const smuggled = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunked = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
  it.each([
    { what: 'declared too large', first: `${head}Content-Length: 200000\r\n\r\n${smuggled.padEnd(200_000)}`, status: '413' },
    { what: 'of no declared length', first: `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`, status: '411' },
  ])('$what: $status, and what is in it is not taken for the next request', async ({ first, status }) => {
    const replies = await overOneConnection(app.url, `${first}GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([...replies.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, code]) => code)).toEqual([status, '404']);
  });
});
