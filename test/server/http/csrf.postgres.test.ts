import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

let production: TestApp;
let development: TestApp;
let token: string;
beforeAll(async () => {
  const env = { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' };
  [production, development] = await Promise.all([createTestApp({ env }), createTestApp({ env: { NODE_ENV: 'development' } })]);
  ({ token } = await production.register('reader'));
});
afterAll(() => Promise.all([production.close(), development.close()]));

const path = '/graphql?query=%7B%20hello%20%7D';

describe('a GET in production', () => {
  it.each([
    { what: 'a link', headers: ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Mode', 'navigate'] },
    { what: 'an image', headers: ['Accept', 'image/avif,*/*', 'Sec-Fetch-Mode', 'no-cors', 'Referer', 'https://evil.example/'] },
    { what: 'a script with the headers that need no permission', headers: ['Accept', 'application/json', 'Content-Language', 'en'] },
    { what: 'a script that claims a simple content type', headers: ['Accept', 'application/json', 'Content-Type', 'text/plain'] },
    { what: 'a cookie', headers: ['Accept', 'application/json', 'Cookie', 'token=x'] },
  ])('by $what is refused and told what to do', async ({ headers }) => {
    const { status, json } = await rawRequest(production.url, { path, headers });
    expect(status).toBe(400);
    expect(json).toEqual({
      errors: [{ message: expect.stringMatching(/^Send a GET with .*authorization/), extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it('with a token is answered, as urql sends it', async () => {
    const accept = 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
    const { json } = await rawRequest(production.url, { path, headers: ['Accept', accept, 'Authorization', `Token ${token}`] });
    expect(json).toEqual({ data: { hello: 'Hello, World!' } });
  });

  it.each(['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'])('with %s is answered', async (name) => {
    const { json } = await rawRequest(production.url, { path, headers: [name, 'true'] });
    expect(json.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'MISSING' });
  });
});

describe('a GET in development', () => {
  it('is answered whoever asks, so that the address bar of a browser will do', async () => {
    const { json } = await rawRequest(development.url, { path });
    expect(json.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'MISSING' });
  });
});
