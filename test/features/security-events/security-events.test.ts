import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { until } from '../../support/until.ts';

const EVENTS = `query ($first: Int, $after: String) { securityEvents(first: $first, after: $after) {
  edges { cursor node { id kind happenedAt ipAddress userAgent tokenId tokenName } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
} }`;
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = (username: string, password = GOOD_PASSWORD) =>
  app.graphql(LOGIN, { variables: { input: { username, password } }, headers: { 'User-Agent': 'curl/8.5.0' } });
const events = async (token: string, variables: Record<string, unknown> = {}) =>
  (await app.graphql(EVENTS, { token, variables })).data.securityEvents;
const kinds = ({ edges }: { edges: { node: { kind: string } }[] }) => edges.map(({ node }) => node.kind);

describe('securityEvents', () => {
  it('lists what happened to the viewer’s account, and to no other', async () => {
    const { token } = await app.register('ann');
    await app.register('bob');
    await login('ann', 'wrong-Quartz-12');
    await login('bob', 'wrong-Quartz-12');
    const key = (await login('ann')).data.login.token;
    await app.graphql('mutation { logout { status { code } } }', { token: key });
    await until(async () => (await events(token)).edges.length === 4); // failures are noted after they are answered
    const page = await events(token);
    expect(kinds(page).toSorted()).toEqual(['LOGGED_IN', 'LOGIN_FAILED', 'REGISTERED', 'TOKEN_REVOKED']);
    const nodeOf = (kind: string) => page.edges.find(({ node }: { node: { kind: string } }) => node.kind === kind).node;
    const [revoked, loggedIn, failed] = ['TOKEN_REVOKED', 'LOGGED_IN', 'LOGIN_FAILED'].map(nodeOf);
    expect(loggedIn).toMatchObject({ ipAddress: '127.0.0.1', userAgent: 'curl/8.5.0', tokenName: 'curl' });
    expect(revoked.tokenId).toBe(loggedIn.tokenId);
    expect(failed).toMatchObject({ tokenId: null, tokenName: '' });
    expect(JSON.stringify(page)).not.toContain(key);
    expect(JSON.stringify(page)).not.toContain('Quartz');
  });

  it('keeps its pages the same while events are added', async () => {
    const { token, id } = await app.register('paged');
    const add = (n: number) =>
      app.sql(`insert into security_events (user_id, kind) select ${id}, 'LOGIN_FAILED' from generate_series(1, ${n})`);
    await add(10);
    const first = await events(token, { first: 4 });
    await add(5);
    const second = await events(token, { first: 4, after: first.pageInfo.endCursor });
    const third = await events(token, { first: 4, after: second.pageInfo.endCursor });
    const ids = [first, second, third].flatMap(({ edges }) => edges.map(({ node }: { node: { id: string } }) => Number(node.id)));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(11);
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
    expect(kinds(third).at(-1)).toBe('REGISTERED');
  });

  it('leaves out kinds that only a newer version on the same database knows', async () => {
    const { token, id } = await app.register('upgraded');
    await app.sql(`insert into security_events (user_id, kind) values (${id}, 'SOMETHING_NEWER')`);
    expect(kinds(await events(token, { first: 1 }))).toEqual(['REGISTERED']);
  });

  const bad = [
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { first: null },
    { after: 'x' },
    { after: '1 or 1=1' },
    { after: '9'.repeat(30) },
  ];
  it.each(bad)('refuses %j as a client error', async (variables) => {
    const { token } = await app.register(`bad-${bad.indexOf(variables)}`);
    const reply = await app.graphql(EVENTS, { token, variables });
    expect(reply.status).toBe(400);
    expect(reply.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a login with an unknown username', () => {
  it('is recorded too, without a user', async () => {
    await login('nobody-here');
    const noted = () => app.sql('select kind from security_events where user_id is null');
    await until(async () => (await noted()).length > 0);
    expect(await noted()).toEqual([{ kind: 'LOGIN_FAILED' }]);
  });
});

describe('an account that is deactivated, by whatever means', () => {
  it('gets one event, and another when it is opened again, which ends its tokens', async () => {
    const { id } = await app.register('closed');
    await app.sql('update users set is_active = false where id = ?', [id]);
    await app.sql('update users set is_active = false where id = ?', [id]);
    await app.sql('update users set is_active = true where id = ?', [id]);
    const { data } = await login('closed');
    const expected = ['LOGGED_IN', 'ACCOUNT_ACTIVATED', 'TOKEN_REVOKED', 'ACCOUNT_DEACTIVATED', 'REGISTERED'];
    expect(kinds(await events(data.login.token))).toEqual(expected);
  });
});
