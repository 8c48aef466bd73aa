import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../faults/site.ts';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { until } from '../support/until.ts';

const LISTS = `query ($id: ID!) {
  users(first: 100) { edges { node { username } } }
  found: users(search: "c") { edges { node { username } } }
  user(id: $id) { username }
  userSecurityEvents(userId: $id) { edges { node { userAgent } } }
  securityEvents { edges { node { userAgent } } }
}`;

// It has the same people under other names, so that every answer tells where it comes from.
const COPY = `
  insert into users (id, username, password_hash, is_active) values (1, 'copy', '!', false);
  insert into security_events (user_id, kind, user_agent) values (1, 'LOGGED_IN', 'copy');`;

let primary: TestDatabase;
let copy: TestDatabase;
let proxy: TcpProxy;
let readUrl: string;
beforeAll(async () => {
  [primary, copy] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await runSql(copy.env.DATABASE_URL ?? '', COPY);
  const url = new URL(copy.env.DATABASE_URL ?? '');
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  url.password ||= 'hunter2'; // a server that trusts takes any
  readUrl = url.href;
});
afterAll(async () => {
  await proxy.cut();
  await primary.drop();
  await copy.drop();
});

const startApp = (env: Record<string, string> = {}) => createTestApp({ on: primary, env: { DATABASE_READ_URLS: readUrl, ...env } });

const names = ({ edges }: { edges: { node: Record<string, string> }[] }) => edges.map(({ node }) => Object.values(node)[0]);

describe('with DATABASE_READ_URLS', () => {
  let app: TestApp;
  let token: string;
  let id: string;
  let password: string;
  beforeAll(async () => {
    app = await startApp();
    ({ token, id, password } = await app.register('chief', { email: 'chief@example.com' }));
    await app.sql('update users set is_superuser = true');
  });

  it('lists of staff and security events come from there', async () => {
    const { data, errors } = await app.graphql(LISTS, { token, variables: { id } });
    expect(errors).toEqual([]);
    for (const list of [data.users, data.found, data.userSecurityEvents, data.securityEvents]) expect(names(list)).toEqual(['copy']);
    expect(data.user).toEqual({ username: 'copy' });
  });

  it('nothing else does', async () => {
    const other = await app.register('other');
    const does = async (query: string, variables = {}, from = token) => {
      const { data, text } = await app.graphql(query, { token: from, variables });
      const { status, ...rest } = Object.values<Record<string, { code: string }>>(data ?? {})[0] ?? {};
      expect(status?.code ?? '200 OK', text).toBe('200 OK');
      return rest;
    };
    expect((await app.graphql('{ me { username } }', { token })).data.me.username).toBe('chief');
    expect((await app.graphql('{ tokens { name } }', { token })).data.tokens).toHaveLength(1);
    await does('mutation ($input: LoginInput!) { login(input: $input) { status { code } } }', { input: { username: 'chief', password } });
    await does('mutation ($input: CreateTokenInput!) { createToken(input: $input) { status { code } } }', {
      input: { name: 'ci', password },
    });
    await does('mutation { updateProfile(input: { firstName: "A" }) { status { code } } }');
    await does('mutation { requestPasswordReset(input: { email: "chief@example.com" }) { status { code } } }');
    await does('mutation ($id: ID!) { revokeUserTokens(input: { id: $id }) { status { code } } }', { id: other.id });
    await does('mutation ($id: ID!) { setUserActive(input: { id: $id, isActive: false }) { status { code } } }', { id: other.id });
    await does('mutation { logout { status { code } } }');
    await app.close(); // its connections tell what they did when they end
    const touched = `select relname from pg_stat_user_tables where coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0 order by relname`;
    const rows = await runSql(copy.env.DATABASE_URL ?? '', touched);
    expect(rows.map(({ relname }) => relname)).toEqual(['security_events', 'users']);
  });
});

describe('a replica', () => {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startApp({ DATABASE_TIMEOUT: '4s' });
    ({ token } = await app.register('Colonel'));
    await app.sql("update users set is_staff = true where username = 'Colonel'");
  });
  afterAll(() => app.close());

  const listed = async () => {
    const { data, text } = await app.graphql('{ users(search: "col") { edges { node { username } } } }', { token });
    if (!data?.users) throw new Error(text);
    return names(data.users);
  };
  const all = async () => names((await app.graphql('{ users { edges { node { username } } } }', { token })).data.users);
  const warnings = () => app.logs().split('a replica is away;').length - 1;

  it('is asked', async () => {
    expect(await all()).toEqual(['copy']);
    expect(await listed()).toEqual([]);
  });

  it('whose server goes away is stood in for by the primary, and left alone for a while', async () => {
    await proxy.cut();
    expect(await listed()).toEqual(['Colonel']);
    const started = performance.now();
    await Promise.all(Array.from({ length: 20 }, listed));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(warnings()).toBe(1);
  });

  it('is asked again once it is back', async () => {
    await proxy.mend();
    await until(async () => (await all()).join() === 'copy');
  });

  it('that takes connections and does not answer is stood in for by the primary within half of DATABASE_TIMEOUT', async () => {
    proxy.freeze();
    const started = performance.now();
    expect(await listed()).toEqual(['Colonel']);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(warnings()).toBe(2);
    await proxy.cut();
    await proxy.mend();
    await until(async () => (await all()).join() === 'copy');
  });

  it('that lags behind a migration is stood in for, where that matters', async () => {
    await runSql(copy.env.DATABASE_URL ?? '', 'alter table users rename column email_verified to not_yet');
    expect(await all()).toContain('Colonel');
    await runSql(copy.env.DATABASE_URL ?? '', 'alter table users rename column not_yet to email_verified');
    expect(await all()).toEqual(['copy']);
    expect(warnings()).toBe(2);
  });

  it('that is of another database is found by `manage check`', async () => {
    const { code, stdout } = await runManage(['check'], { env: { ...primary.env, DATABASE_READ_URLS: readUrl } });
    expect(stdout).toContain('is of another database.');
    expect(stdout).not.toContain(new URL(readUrl).password);
    expect(code).toBe(1);
  });

  it('that is away is only worth a warning there', async () => {
    await proxy.cut();
    const { code, stdout } = await runManage(['check'], { env: { ...primary.env, DATABASE_READ_URLS: readUrl } });
    await proxy.mend();
    expect(stdout).toMatch(
      /! database +The replica at \S+ is away, the primary answers for it\. The database cannot be used: connect ECONNREFUSED/,
    );
    expect(code).toBe(0);
  });
});
