import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApolloClient } from '@apollo/client';
import { gql } from '@apollo/client';
import type { Client } from '@urql/core';
import type { GraphQLClient } from 'graphql-request';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { missingPrograms } from '../support/database/mariadb.ts';
import { extractSnippets, type Snippets } from '../support/documents/snippets.ts';
import { until } from '../support/until.ts';

const REVOKED = 'subscription { tokenRevoked { reason } }';
const REVOKE_OTHERS = 'mutation { revokeAllTokens { status { code } } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';

const storage = new Map<string, string>();
const localStorage = {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
};
const assign = vi.fn();

let app: TestApp;
let snippets: Snippets;
let streams = 0;
beforeAll(async () => {
  app = await createTestApp({ env: { TRUST_PROXY: '127.0.0.1' } });
  snippets = await extractSnippets(app.url, ['docs/clients.md']);
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
    const response = await fetch(...args);
    const reader = response.clone().body?.getReader();
    reader?.read().then(
      () => streams++, // the first that comes: the server listens
      () => {},
    );
    return response;
  });
});
beforeEach(() => {
  streams = 0;
  vi.stubGlobal('localStorage', localStorage);
  vi.stubGlobal('location', { pathname: '/', assign });
});
afterEach(() => {
  assign.mockClear();
  storage.clear();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await snippets.remove();
  await app.close();
});

const load = (name: string) => import(join(snippets.folder, name));

/** Somebody with two tokens; what the first one does ends the second. */
async function person(username: string) {
  const { token, password } = await app.register(username);
  const { data } = await app.graphql(LOGIN, { variables: { input: { username, password } } });
  const revoke = () => app.graphql(REVOKE_OTHERS, { token });
  return { token, password, second: String(data.login.token), revoke };
}

describe('a subscription', () => {
  const told: unknown[] = [];
  const apollo = async () => {
    const { client }: { client: ApolloClient } = await load('apollo-events.ts');
    client.subscribe({ query: gql(REVOKED), errorPolicy: 'all' }).subscribe(({ data }) => told.push(data));
  };
  const urql = async () => {
    const { client }: { client: Client } = await load('urql-events.ts');
    client.subscription(REVOKED, {}).subscribe(({ data }) => told.push(data));
  };

  it.each([
    { name: 'Apollo Client', open: apollo },
    { name: 'urql', open: urql },
  ])('of $name tells that its token has ended, and leads to the login', async ({ name, open }) => {
    const { second, revoke } = await person(name.replace(' ', '_'));
    const { begin } = await load('session.ts');
    begin(second);
    told.length = 0;
    await open();
    await until(() => streams > 0);
    await revoke();
    await until(() => assign.mock.calls.length > 0);
    expect(told[0]).toMatchObject({ tokenRevoked: { reason: 'REVOKED' } });
    expect(assign.mock.calls).toEqual([['/login']]);
    expect(storage.size).toBe(0);
  });

  it('of a program on Node does too', async () => {
    const { second, revoke } = await person('program');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    vi.stubEnv('TOKEN', second);
    const ended = load('node-events.ts');
    await until(() => streams > 0);
    await revoke();
    await ended;
    expect(log.mock.calls).toEqual([['{"tokenRevoked":{"reason":"REVOKED"}}']]);
    log.mockRestore();
    vi.unstubAllEnvs();
  });
});

describe('a script', () => {
  const run = (program: string, file: string, token: string) =>
    promisify(execFile)(program, [join(snippets.folder, file)], { env: { PATH: process.env.PATH, TOKEN: token }, timeout: 30_000 });

  const scripts = [
    ['script.ts', process.execPath, '401: Invalid token.'],
    ['script-graphql-request.ts', process.execPath, 'Invalid token.'],
    ['script.py', 'python3', 'HTTP Error 401'],
  ] as const;
  const missing = missingPrograms('python3');
  for (const program of missing) it.skip(`NOT RUN: ${program} is not installed`, () => {});
  it.each(scripts.filter(([, program]) => !missing.includes(program)))(
    'as in %s says who it is, and ends with an error once its token has ended',
    async (file, program, error) => {
      const { second, revoke } = await person(file.replace(/\W/g, '_'));
      expect((await run(program, file, second)).stdout).toBe(`${file.replace(/\W/g, '_')}\n`);
      await revoke();
      await expect(run(program, file, second)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(error) });
    },
  );
});

describe('a server that renders pages', () => {
  it('asks for its visitor, whose address and agent the API learns', async () => {
    const { ask, remember } = await load('pages.ts');
    const { password } = await app.register('visitor');
    const pages = createServer(async (visitor, response) => {
      if (visitor.url === '/login') {
        const { data } = await ask(visitor, LOGIN, { input: { username: 'visitor', password } });
        remember(response, data.login.token);
      }
      response.end(
        JSON.stringify(await ask(visitor, '{ me { username } securityEvents(first: 1) { edges { node { kind userAgent ipAddress } } } }')),
      );
    }).listen(0);
    await once(pages, 'listening');
    const address = pages.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const get = async (path: string, cookie = '') => {
      const [response] = await once(
        request({ port, path, host: '127.0.0.1', localAddress: '127.0.0.2', headers: { cookie, 'User-Agent': 'Visitor/1' } }).end(),
        'response',
      );
      return { cookie: String(response.headers['set-cookie'] ?? ''), body: JSON.parse(String(Buffer.concat(await response.toArray()))) };
    };
    const { cookie } = await get('/login');
    expect(cookie).toMatch(/^token=[\w-]+; HttpOnly; Secure; SameSite=Lax; Path=\/; Max-Age=2592000$/);
    const { body } = await get('/', `other=1; ${cookie.split(';')[0]}`);
    expect(body.data.me).toEqual({ username: 'visitor' });
    expect(body.data.securityEvents.edges[0].node).toMatchObject({ userAgent: 'Visitor/1', ipAddress: '127.0.0.2' });
    expect((await get('/')).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    pages.close();
  });
});

describe('an app without localStorage', () => {
  it('keeps its token in another store, and goes to its login when it has ended', async () => {
    const own = await extractSnippets(app.url, ['docs/clients.md']);
    await copyFile(join(own.folder, 'app-session.ts'), join(own.folder, 'session.ts'));
    vi.stubGlobal('localStorage', undefined);
    vi.stubGlobal('location', undefined);
    const secrets = new Map<string, string>();
    const store = {
      getItemAsync: async (key: string) => secrets.get(key) ?? null,
      setItemAsync: async (key: string, value: string) => void secrets.set(key, value),
      deleteItemAsync: async (key: string) => void secrets.delete(key),
    };
    const signedOut = vi.fn();
    const session = await import(join(own.folder, 'session.ts'));
    const { client }: { client: GraphQLClient } = await import(join(own.folder, 'graphql-request.ts'));
    const { second, revoke } = await person('phone');
    await session.open(store, signedOut);
    await session.begin(second);
    expect(await client.request('{ me { username } }')).toEqual({ me: { username: 'phone' } });
    await session.open(store, signedOut); // as after a start
    expect(await client.request('{ me { username } }')).toEqual({ me: { username: 'phone' } });
    await revoke();
    await expect(client.request('{ me { username } }')).rejects.toThrow('Invalid token.');
    await until(() => signedOut.mock.calls.length === 1);
    expect(secrets.size).toBe(0);
    await own.remove();
  });
});
