import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { startTcpProxy, type TcpProxy } from '../../support/network/tcp-proxy.ts';

let database: TestDatabase;
let proxy: TcpProxy;
let app: TestApp;
let token: string;
let password: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.env.DATABASE_URL ?? '');
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  app = await createTestApp({ on: { ...database, env: { ...database.env, DATABASE_URL: url.href } } });
  ({ token, password } = await app.register('somebody'));
  await proxy.cut();
});
afterAll(async () => {
  await app.close();
  await proxy.cut();
  await database.drop();
});

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const login = (accept: string) => app.graphql(LOGIN, { accept, variables: { input: { username: 'somebody', password } } });

describe('while the database is away', () => {
  it.each([GRAPHQL_TYPE, JSON_TYPE])('%s clients are told to come back: SERVICE_UNAVAILABLE, 503', async (accept) => {
    for (const reply of [await app.graphql('{ hello }', { accept, token }), await login(accept)]) {
      expect(reply.status).toBe(503);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.errors).toMatchObject([
        { message: 'The service is temporarily unavailable. Please try again.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
      ]);
      expect(reply.text).not.toMatch(/127\.0\.0\.1|ECONN|postgres/);
    }
  });

  it('what needs no database is answered', async () => {
    expect((await app.graphql('{ __typename }')).status).toBe(200);
    expect((await app.graphql('{ hello }')).errors).toMatchObject([{ extensions: { reason: 'MISSING' } }]);
  });

  it('the process is alive but not ready, and no detail says why', async () => {
    expect(await rawRequest(app.url, { path: '/livez' })).toMatchObject({ status: 200, text: 'alive' });
    for (const path of ['/readyz', '/health'])
      expect(await rawRequest(app.url, { path })).toMatchObject({ status: 503, text: 'not ready' });
  });

  it('the log says so, without a secret', async () => {
    await login(JSON_TYPE);
    expect(app.logs()).toContain('the database is away');
    for (const secret of [password, token]) expect(app.logs()).not.toContain(secret);
  });
});

it('once the database is back, so is the server', async () => {
  await proxy.mend();
  expect((await app.graphql('{ hello }', { token })).data).toEqual({ hello: 'Hello, World!' });
  expect((await login(GRAPHQL_TYPE)).data.login.token).toMatch(/^[\da-f]{40}$/);
  expect((await rawRequest(app.url, { path: '/readyz' })).status).toBe(200);
});
