import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { THROTTLED, tally, times, WRONG } from '../../support/client/logins.ts';
import { createTestDatabase } from '../../support/database/database.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';
const budgets = { THROTTLE: 'on', THROTTLE_LOGIN_ADDRESS: '8/5m', THROTTLE_LOGIN_ACCOUNT: '5/5m', HASH_QUEUE: '200' };

const database = await createTestDatabase();
afterAll(() => database.drop());

/** An address that nobody had before. */
const made = (n: number) => `198.51.${n >> 8}.${n & 255}`;

/** The tail is what the proxies add; all before it is the client's invention. */
const places = [
  { where: 'without a proxy', env: {}, tail: '' },
  { where: 'behind one proxy', env: { TRUST_PROXY: '1' }, tail: ', 203.0.113.7' },
  { where: 'behind two proxies', env: { TRUST_PROXY: '2' }, tail: ', 203.0.113.7, 10.0.0.2' },
  { where: 'behind listed proxies', env: { TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }, tail: ', 203.0.113.7, 10.0.0.2' },
];

const inventions: { what: string; headers: (n: number, tail: string) => Record<string, string> }[] = [
  { what: 'X-Forwarded-For', headers: (n, tail) => ({ 'X-Forwarded-For': `${made(n)}${tail}` }) },
  { what: 'a chain in X-Forwarded-For', headers: (n, tail) => ({ 'X-Forwarded-For': `${made(n)}, ${made(n + 1)}, 127.0.0.1${tail}` }) },
  { what: 'X-Forwarded-For with a port', headers: (n, tail) => ({ 'X-Forwarded-For': `"[2001:db8:${n}::1]:443"${tail}` }) },
  { what: 'nonsense in X-Forwarded-For', headers: (n, tail) => ({ 'X-Forwarded-For': `unknown-${n}, ,, "${tail}` }) },
  ...['Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'Client-IP', 'X-Forwarded'].map(
    (name) => ({
      what: name,
      headers: (n: number, tail: string) => ({
        [name]: name === 'Forwarded' ? `for=${made(n)}` : made(n),
        ...(tail && { 'X-Forwarded-For': tail.slice(2) }),
      }),
    }),
  ),
];

describe.each(places)('$where, an invented address gives nobody another budget:', ({ env, tail }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ on: database, env: { ...budgets, ...env } });
  });
  afterAll(() => app.close());

  it.each(inventions)('$what', async ({ headers }) => {
    await app.sql('delete from attempts');
    const login = async (n: number, username: string) =>
      (await app.graphql(LOGIN, { variables: { input: { username, password: WRONG } }, headers: headers(n, tail) })).data?.login;
    const toOneAccount = await times(12, (n) => login(n, 'one-account'));
    expect(tally(toOneAccount)).toEqual({ '400 BAD REQUEST': 5, [THROTTLED]: 7 });
    await app.sql('delete from attempts');
    const toMany = await times(20, (n) => login(n, `sprayed-${n}`));
    expect(tally(toMany)).toEqual({ '400 BAD REQUEST': 8, [THROTTLED]: 12 });
  });
});
