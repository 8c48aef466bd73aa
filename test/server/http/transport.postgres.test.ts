import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

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
    { accept: 'application/json;q=0.5, application/graphql-response+json', type: GRAPHQL_TYPE },
    { accept: 'application/graphql-response+json;q=0.2, application/json;q=0.3', type: JSON_TYPE },
    { accept: 'application/json;q=0, */*;q=0.1', type: GRAPHQL_TYPE },
    { accept: 'text/event-stream;q=0.1, application/json', type: JSON_TYPE },
    { accept: 'APPLICATION/JSON', type: JSON_TYPE },
  ])('to $accept is $type', async ({ accept, type }) => {
    const reply = await rawRequest(app.url, { body, headers: ['Content-Type', JSON_TYPE, ...(accept ? ['Accept', accept] : [])] });
    expect(reply.headers['content-type']).toBe(`${type}; charset=utf-8`);
  });

  it.each(['multipart/mixed', 'text/html', 'application/xml', 'application/json;q=0', `application/json, ${'a/b, '.repeat(200)}`])(
    'is none of ours for %s: nothing is executed',
    async (accept) => {
      const input = '{ username: "unseen", password: "tr0mbone-Quartz-11" }';
      const register = JSON.stringify({ query: `mutation { register(input: ${input}) { token } }` });
      const reply = await rawRequest(app.url, { body: register, headers: ['Content-Type', JSON_TYPE, 'Accept', accept] });
      expect(reply.status).toBe(406);
      expect(reply.text).toMatch(/^Accept application\/json, .*text\/event-stream\.$/);
      expect(await app.sql('select * from users')).toEqual([]);
    },
  );
});

describe('the length of a body', () => {
  const padded = (length: number) => body + ' '.repeat(length - body.length);

  it('may be 100,000 bytes, not one more', async () => {
    expect((await rawRequest(app.url, post(padded(100_000)))).status).toBe(200);
    expect((await rawRequest(app.url, post(padded(100_001)))).status).toBe(413);
  });

  const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const inChunks = (content: string) => `${head}Transfer-Encoding: chunked\r\n\r\n${chunksOf(content)}`;
  const smuggled = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunked = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
  it.each([
    { what: 'declared too large', first: `${head}Content-Length: 200000\r\n\r\n${smuggled.padEnd(200_000)}`, status: '413' },
    { what: 'of no declared length and no JSON', first: `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`, status: '400' },
    { what: 'of no declared length and too large', first: inChunks(smuggled.padEnd(200_000)), status: '413' },
    { what: 'compressed', first: `${head}Content-Encoding: gzip\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`, status: '415' },
  ])('$what: $status, and what is in it is not taken for the next request', async ({ first, status }) => {
    const replies = await overOneConnection(app.url, `${first}GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([...replies.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, code]) => code)).toEqual([status, '404']);
  });

  it('is measured as it arrives where it is not declared: 100,000 bytes, not one more', async () => {
    const answerTo = (content: string) => overOneConnection(app.url, inChunks(content).replace('Host: x', 'Host: x\r\nConnection: close'));
    expect(await answerTo(body)).toMatch(/^HTTP\/1.1 200 OK\r\n.*{"data":{"__typename":"Query"}}/s);
    expect(await answerTo(padded(100_000))).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    const refusal = await answerTo(padded(100_001));
    expect(refusal).toMatch(/^HTTP\/1.1 413 Payload Too Large\r\n/);
    expect(refusal).toContain('The body may be at most 100000 bytes long.');
  });
});

const chunksOf = (content: string) => `${content.replace(/.{1,7000}/gs, (part) => `${part.length.toString(16)}\r\n${part}\r\n`)}0\r\n\r\n`;

describe('a compressed body is refused with a sentence, and nothing is inflated', () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
  it.each([
    { header: ['Content-Encoding', 'gzip'] },
    { header: ['Content-Encoding', 'br'] },
    { header: ['Content-Encoding', 'identity, gzip'] },
  ])('$header', async ({ header }) => {
    const reply = await rawRequest(app.url, { body: bomb, headers: ['Content-Type', JSON_TYPE, ...header] });
    expect(reply).toMatchObject({ status: 415, text: 'Send the body without compression.' });
    expect(reply.headers['accept-encoding']).toBe('identity');
  });

  it('Transfer-Encoding: gzip, chunked', async () => {
    const request = `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n\r\n`;
    expect(await overOneConnection(app.url, request + chunksOf('x'))).toMatch(/^HTTP\/1.1 415 .*Send the body without compression/s);
  });

  it('identity is no compression', async () => {
    const reply = await rawRequest(app.url, { body, headers: ['Content-Type', JSON_TYPE, 'Content-Encoding', 'identity'] });
    expect(reply.json).toEqual({ data: { __typename: 'Query' } });
  });
});
