import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { extractSnippets, type Snippets } from '../support/documents/snippets.ts';
import { type App, openApollo3, openApollo4, openGraphqlRequest, openUrql } from './clients.ts';

/** What snippets use of a browser. */
const storage = new Map<string, string>();
const localStorage = {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
};
const assign = vi.fn((path: string) => {
  location.pathname = path;
});
const location = { pathname: '/', assign };

let server: TestApp;
let snippets: Snippets;
let begin: (token: string) => void;
const fetch = vi.spyOn(globalThis, 'fetch');
beforeAll(async () => {
  vi.stubGlobal('localStorage', localStorage);
  vi.stubGlobal('location', location);
  server = await createTestApp({ env: { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' } });
  snippets = await extractSnippets(server.url);
  ({ begin } = await import(join(snippets.folder, 'session.ts')));
});
beforeEach(() => {
  storage.clear();
  location.pathname = '/';
});
afterEach(() => assign.mockClear());
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await snippets.remove();
  await server.close();
});

/** The HTTP statuses of the requests that some work takes. */
async function statusesOf(work: () => Promise<unknown>): Promise<number[]> {
  fetch.mockClear();
  await work();
  const replies = await Promise.all(fetch.mock.results.map(({ value }) => value));
  return replies.map(({ status }) => status);
}

/** The token of an answer; fails the test when there is none. */
const keyOf = (payload: { token: string | null } | undefined) => payload?.token ?? expect.unreachable(JSON.stringify(payload));
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it was not refused'),
    (error: unknown) => error,
  );

// urql asks once more after what it takes for a renewal of the token; then without it.
describe.each([
  { name: 'Apollo Client 4', open: openApollo4, refusals: [401] },
  { name: 'Apollo Client 3', open: openApollo3, refusals: [200] },
  { name: 'urql', open: openUrql, refusals: [401, 401] },
  { name: 'graphql-request', open: openGraphqlRequest, refusals: [401] },
])('$name, set up as docs/clients.md says', ({ name, open, refusals }) => {
  let app: App;
  beforeAll(async () => {
    app = await open(snippets.folder);
  });
  const username = (n: number) => `${name.replaceAll(' ', '-')}_${n}`;
  const password = GOOD_PASSWORD;

  it('registers, with typed field errors, logs in, says hello and lists its tokens', async () => {
    const refused = await app.register({ username: 'a b', password: '123' });
    expect(refused?.status.code).toBe('400 BAD REQUEST');
    const codes = refused?.errors.filter(({ field }) => field === 'password').map(({ code }) => code);
    expect(codes).toEqual(['PASSWORD_TOO_SHORT', 'PASSWORD_TOO_COMMON', 'PASSWORD_ENTIRELY_NUMERIC'] satisfies typeof codes);
    const registered = await app.register({ username: username(1), password });
    expect(registered?.errors).toEqual([]);
    begin(keyOf(await app.login({ username: username(1), password })));
    expect(await app.hello()).toBe('Hello, World!');
    expect((await app.tokens())?.map(({ current }) => current)).toEqual([true, false]);
    expect(assign).not.toHaveBeenCalled();
  });

  it('goes to its login once when its token has ended, and logs in again although it still sends it', async () => {
    const token = keyOf(await app.register({ username: username(2), password }));
    begin(token);
    const [current] = (await app.tokens()) ?? [];
    expect(await app.revoke(current?.id ?? '')).toBe('200 OK');
    const statuses = await statusesOf(async () => {
      expect(app.codeOf(await refusalOf(app.hello()))).toBe('UNAUTHENTICATED');
    });
    expect(statuses).toEqual(refusals);
    expect(assign.mock.calls).toEqual([['/login']]);
    expect(storage.size).toBe(0);
    begin(token); // as another tab may
    expect(await statusesOf(async () => begin(keyOf(await app.login({ username: username(2), password }))))).toEqual([200]);
    expect(await app.hello()).toBe('Hello, World!');
    expect(assign).toHaveBeenCalledTimes(1);
  });

  it('takes a wrong password for an answer: it neither tries again nor forgets who is signed in', async () => {
    begin(keyOf(await app.register({ username: username(3), password })));
    const statuses = await statusesOf(async () => {
      expect((await app.login({ username: username(3), password: 'wrong' }))?.status).toMatchObject({
        code: '400 BAD REQUEST',
        message: 'Invalid Username or Password. Please try again',
      });
    });
    expect(statuses).toEqual([200]);
    expect(assign).not.toHaveBeenCalled();
    expect(await app.hello()).toBe('Hello, World!');
  });
});
