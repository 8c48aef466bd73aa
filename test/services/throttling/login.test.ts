import { Piscina } from 'piscina';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { until } from '../../support/until.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code message retryAfter } token } }';
const env = { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '5/5m', THROTTLE_LOGIN_ADDRESS: '40/5m', TRUST_PROXY: '1' };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env });
});
afterAll(() => app.close());
beforeEach(() => app.sql('delete from attempts'));

const login = async (username: string, password = 'wrong-Quartz-12', address = '203.0.113.1') => {
  const reply = await app.graphql(LOGIN, { variables: { input: { username, password } }, headers: { 'X-Forwarded-For': address } });
  return reply.data.login;
};
const times = <Result>(count: number, work: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const throttledOf = (payloads: { status: { code: string } }[]) => payloads.filter(({ status }) => status.code === '429 TOO MANY REQUESTS');

describe('failed logins to one account', () => {
  it('50 at once reach the hash 5 times', async () => {
    await app.register('burst');
    const run = vi.spyOn(Piscina.prototype, 'run');
    const payloads = await times(50, () => login('burst'));
    expect(run).toHaveBeenCalledTimes(5);
    run.mockRestore();
    expect(throttledOf(payloads)).toHaveLength(45);
    expect(payloads.filter(({ token }) => token)).toEqual([]);
  });

  it('lock it also for the right password, with the time to wait; live tokens and others stay', async () => {
    const { token } = await app.register('locked');
    await app.register('free');
    await times(5, () => login('locked'));
    const { status, token: refused } = await login('locked', GOOD_PASSWORD);
    expect(refused).toBeNull();
    expect(status.message).toBe(`Request was throttled. Expected available in ${status.retryAfter} seconds.`);
    expect(status.retryAfter).toBeGreaterThan(290);
    expect(status.retryAfter).toBeLessThanOrEqual(300);
    expect((await app.graphql('{ hello }', { token })).status).toBe(200);
    expect((await login('free', GOOD_PASSWORD)).token).not.toBeNull();
  });

  it('lock it for a time that ends by itself and is not prolonged by trying', async () => {
    await app.register('ending');
    await times(8, () => login('ending'));
    expect((await login('ending')).status.code).toBe('429 TOO MANY REQUESTS');
    await app.sql('update attempts set expire = expire - 300000');
    expect((await login('ending', GOOD_PASSWORD)).token).not.toBeNull();
  });

  it('are counted the same for a name that nobody has', async () => {
    const known = await app.register('known').then(() => times(7, () => login('known')));
    const unknown = await times(7, () => login('nobody-here'));
    const codes = (payloads: { status: { code: string } }[]) => payloads.map(({ status }) => status.code).sort();
    expect(codes(unknown)).toEqual(codes(known));
  });

  it('are noted once in the security events when they lock it', async () => {
    const { token } = await app.register('noted');
    await times(9, () => login('noted'));
    const kindsNow = async (): Promise<string[]> => {
      const { data } = await app.graphql('{ securityEvents { edges { node { kind } } } }', { token });
      return data.securityEvents.edges.map(({ node }: { node: { kind: string } }) => node.kind);
    };
    await until(async () => (await kindsNow()).length === 7); // with REGISTERED; noted after the answers
    const kinds = await kindsNow();
    expect(kinds.filter((kind) => kind === 'THROTTLED')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'LOGIN_FAILED')).toHaveLength(5);
  });

  it('survive a restart and are shared by nodes: they are in the database, without the name', async () => {
    await login('in-the-database');
    const rows = await app.sql('select key, points from attempts');
    expect(rows.map(({ points }) => points)).toEqual([1, 1, 1]);
    expect(JSON.stringify(rows)).not.toContain('in-the-database');
  });
});

describe('right passwords', () => {
  it('are not counted: 12 logins in a row work with a budget of 5 failures', async () => {
    await app.register('frequent');
    for (let n = 0; n < 12; n++) expect((await login('frequent', GOOD_PASSWORD)).token).not.toBeNull();
  });

  it('do not wipe out failures: nobody guesses for free beside a person who logs in', async () => {
    await app.register('beside');
    for (let n = 0; n < 4; n++) {
      await login('beside');
      await login('beside', GOOD_PASSWORD);
    }
    await login('beside');
    expect((await login('beside', GOOD_PASSWORD)).status.code).toBe('429 TOO MANY REQUESTS');
  });
});

describe('failed logins from one address', () => {
  it('are limited over all accounts; another address is not', async () => {
    const payloads = await times(45, (n) => login(`sprayed-${n}`, 'wrong-Quartz-12', '203.0.113.200'));
    expect(throttledOf(payloads)).toHaveLength(5);
    expect((await login('sprayed-0', 'wrong-Quartz-12', '203.0.113.201')).status.code).toBe('400 BAD REQUEST');
  });

  it('count per /64 for IPv6', async () => {
    const payloads = await times(45, (n) => login(`v6-${n}`, 'wrong-Quartz-12', `2001:db8:0:1::${n}`));
    expect(throttledOf(payloads)).toHaveLength(5);
  });
});

describe('register', () => {
  it('is limited per address, whatever comes of it', async () => {
    const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { status { code retryAfter } } }';
    const payloads = await times(22, async () => {
      const variables = { input: { username: 'a b', password: 'x' } };
      return (await app.graphql(REGISTER, { variables, headers: { 'X-Forwarded-For': '203.0.113.99' } })).data.register;
    });
    expect(throttledOf(payloads)).toHaveLength(2);
    expect(throttledOf(payloads).map(({ status }) => status)).toMatchObject([
      { retryAfter: expect.any(Number) },
      { retryAfter: expect.any(Number) },
    ]);
  });
});

describe('the password of somebody signed in', () => {
  it('cannot be guessed with a stolen token, nor is it locked by failed logins', async () => {
    const CREATE = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { status { code } token } }';
    const { token } = await app.register('stolen');
    const create = async (password: string) =>
      (await app.graphql(CREATE, { token, variables: { input: { name: 'x', password } } })).data.createToken;
    await times(6, () => login('stolen'));
    expect((await create(GOOD_PASSWORD)).token).not.toBeNull();
    const payloads = await times(12, () => create('wrong-Quartz-12'));
    expect(throttledOf(payloads)).toHaveLength(2);
    expect((await create(GOOD_PASSWORD)).status.code).toBe('429 TOO MANY REQUESTS');
  });
});
