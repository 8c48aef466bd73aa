import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const query = '?query=%7B__typename%7D';

describe('paths', () => {
  it.each([
    '/graphql//',
    '/index.html',
    '/graphqlx',
    '//graphql',
    '/GraphQL',
    '/graphql%2F',
    '/x/graphql',
    '/livez/',
    '/readyz/x',
    '/favicon.ico',
  ])('%s: there is nothing', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const reply = await rawRequest(app.url, { path: path + query, method });
      expect(reply.status).toBe(404);
      expect(reply.text).not.toContain('Query');
    }
  });

  it('/graphql/ is the API, as /graphql is', async () => {
    const path = '/graphql/';
    expect((await rawRequest(app.url, { path: path + query })).json).toEqual({ data: { __typename: 'Query' } });
    expect((await rawRequest(app.url, { path, query: '{ __typename }' })).json).toEqual({ data: { __typename: 'Query' } });
    expect((await rawRequest(app.url, { path, method: 'PUT' })).status).toBe(405);
    const page = await rawRequest(app.url, { path, headers: ['Accept', 'text/html'] });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('/ leads to GraphiQL', async () => {
    const reply = await rawRequest(app.url, { path: `/${query}` });
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('/graphql');
  });

  it('/ says where the API is when GraphiQL is off', async () => {
    const without = await createTestApp({ env: { GRAPHIQL: 'false' } });
    expect(await rawRequest(without.url, { path: '/' })).toMatchObject({ status: 200, text: 'The API is at /graphql.' });
    await without.close();
  });

  it('a query string that ends like a path is not taken for it', async () => {
    const reply = await rawRequest(app.url, { path: `/graphql${query}&x=/livez` });
    expect(reply.json).toEqual({ data: { __typename: 'Query' } });
  });

  it.each(['a b', '[', 'x:y:z', '%'])('a senseless Host header, %s, is no matter', async (host) => {
    expect((await rawRequest(app.url, { path: `/graphql${query}`, host })).status).toBe(200);
  });
});

describe('health', () => {
  it.each([
    { path: '/livez', text: 'alive' },
    { path: '/readyz', text: 'ready' },
    { path: '/health', text: 'ready' },
  ])('$path answers "$text", uncached', async ({ path, text }) => {
    for (const url of [path, `${path}?verbose`]) {
      const reply = await rawRequest(app.url, { path: url });
      expect(reply).toMatchObject({ status: 200, text });
      expect(reply.headers['cache-control']).toBe('no-store');
    }
    expect(await rawRequest(app.url, { path, method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('a database that is not migrated is not ready, and no detail says why', async () => {
    await app.sql('delete from migrations');
    for (const path of ['/readyz', '/health'])
      expect(await rawRequest(app.url, { path })).toMatchObject({ status: 503, text: 'not ready' });
    expect((await rawRequest(app.url, { path: '/livez' })).status).toBe(200);
  });
});
