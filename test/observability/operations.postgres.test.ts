import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD, JSON_TYPE } from '../support/client/graphql-client.ts';
import { rawRequest } from '../support/client/raw-request.ts';
import { subscribe } from '../support/client/subscription.ts';
import { until } from '../support/until.ts';

let app: TestApp;
let token: string;
let id: string;
beforeAll(async () => {
  app = await createTestApp({ env: { METRICS: '127.0.0.1:0', LOG_LEVEL: 'debug', THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '1/1h' } });
  ({ token, id } = await app.register('ann'));
});
afterAll(() => app.close());

let before = 0;
beforeEach(() => {
  before = app.logs().length;
});

type Line = Record<string, unknown>;
const lines = (): Line[] =>
  app
    .logs()
    .slice(before)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const operations = () => lines().filter(({ msg }) => msg === 'operation');

const LOGIN = 'mutation SignIn($input: LoginInput!) { login(input: $input) { token } }';
const login = (username: string, password: string) => app.graphql(LOGIN, { variables: { input: { username, password } } });

/** The value of a sample, 0 when there is none. */
async function sample(name: string, labels: Record<string, string> = {}): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = (await app.metrics())
    .split('\n')
    .find((text) => (text.startsWith(`${name} `) || text.startsWith(`${name}{`)) && wanted.every((label) => text.includes(label)));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('an operation', () => {
  it('is one line, the first time and when it takes the short way', async () => {
    const replies = [];
    for (let n = 0; n < 3; n++) replies.push(await app.graphql('query Hi { hello }', { token }));
    expect(lines()).toEqual(
      replies.map(({ headers }) => ({
        level: 30,
        time: expect.any(Number),
        requestId: headers.get('x-request-id'),
        operation: 'Hi',
        type: 'query',
        duration: expect.any(Number),
        userId: Number(id),
        tokenId: expect.stringMatching(/^\d+$/),
        address: '127.0.0.1',
        outcome: 'OK',
        msg: 'operation',
      })),
    );
    expect(new Set(replies.map(({ headers }) => headers.get('x-request-id'))).size).toBe(3);
  });

  it.each([
    { about: 'refused', query: '{ hello }', line: { type: 'query', operation: null, userId: null, outcome: 'UNAUTHENTICATED' } },
    { about: 'misspelt', query: 'query Oops { hallo }', line: { type: 'query', operation: 'Oops', outcome: 'GRAPHQL_VALIDATION_FAILED' } },
    { about: 'no GraphQL', query: '{', line: { type: 'none', operation: null, outcome: 'GRAPHQL_PARSE_FAILED' } },
    { about: 'wrong input', query: '{ users(first: -1) { edges { cursor } } }', line: { outcome: 'UNAUTHENTICATED' } },
    { about: 'empty', query: null, line: { type: 'none', outcome: 'BAD_REQUEST' } },
  ])('that is $about says so, each time', async ({ query, line }) => {
    const body = JSON.stringify({ query });
    for (let n = 0; n < 2; n++) await rawRequest(app.url, { body, headers: ['Content-Type', JSON_TYPE] });
    expect(operations()).toMatchObject([line, line]);
  });

  it('that fails with a mistake of ours has the id that the client was told', async () => {
    const query = '{ tokens { id } }';
    await app.graphql(query, { token });
    await app.sql('alter table tokens rename column name to label');
    const reply = await app.graphql(query, { token });
    await app.sql('alter table tokens rename column label to name');
    const requestId = reply.errors[0]?.extensions.requestId;
    expect(reply.headers.get('x-request-id')).toBe(requestId);
    expect(lines().slice(1)).toMatchObject([
      { msg: 'unexpected error', requestId },
      { msg: 'operation', requestId, outcome: 'INTERNAL_SERVER_ERROR' },
    ]);
  });

  it('that changes something says what its payload says, whether the client asks or not', async () => {
    await login('ann', GOOD_PASSWORD);
    await login('ann', 'wrong');
    await login('ann', 'wrong');
    const line = { operation: 'SignIn', type: 'mutation' };
    expect(operations()).toMatchObject([
      { ...line, outcome: 'OK' },
      { ...line, outcome: '400 BAD REQUEST' },
      { ...line, outcome: '429 TOO MANY REQUESTS' },
    ]);
  });

  it('that waits is a line when it ends', async () => {
    const subscription = await subscribe(app.url, 'subscription Wait { tokenRevoked { reason } }', token);
    expect(operations()).toEqual([]);
    subscription.leave();
    await until(() => operations().length > 0);
    expect(operations()).toMatchObject([{ operation: 'Wait', type: 'subscription', userId: Number(id), outcome: 'OK' }]);
  });

  it('may have any name: a long one is cut', async () => {
    await app.graphql(`query ${'N'.repeat(5000)} { hello }`, { token });
    expect(operations()).toMatchObject([{ operation: 'N'.repeat(100) }]);
  });
});

describe('a request that is no operation', () => {
  it.each([
    { path: '/nothing?secret=1', status: 404, headers: [] },
    { path: '/graphql', status: 406, headers: ['Accept', 'image/png'] },
    { path: '/graphql', body: '{}', status: 415, headers: ['Content-Type', 'text/plain'] },
    { path: '/graphql', body: ' '.repeat(100_001), status: 413, headers: ['Content-Type', JSON_TYPE] },
  ])('is one line when it is refused: $status', async ({ status, ...request }) => {
    const reply = await rawRequest(app.url, request);
    const requestId = reply.headers['x-request-id'];
    const line = { level: 30, requestId, method: request.body ? 'POST' : 'GET', status, address: '127.0.0.1', msg: 'request refused' };
    expect(lines()).toEqual([{ ...line, time: expect.any(Number) }]);
    expect(await sample('graphql_token_auth_refused_requests_total', { status: String(status) })).toBe(1);
  });

  it.each(['/livez', '/readyz', '/health'])('is for LOG_LEVEL=debug when it is a probe: %s', async (path) => {
    const reply = await rawRequest(app.url, { path });
    await until(() => lines().length > 0);
    expect(lines()).toMatchObject([{ level: 20, requestId: reply.headers['x-request-id'], status: 200, msg: 'request' }]);
  });
});

describe('a request id', () => {
  it('that anybody sends is not taken', async () => {
    const reply = await rawRequest(app.url, { query: '{ __typename }', headers: ['X-Request-Id', 'mine'] });
    expect(reply.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('of a trusted proxy is kept when it is well-formed', async () => {
    const proxied = await createTestApp({ env: { TRUST_PROXY: '127.0.0.1' } });
    const ask = async (requestId: string) => {
      const reply = await rawRequest(proxied.url, { query: '{ __typename }', headers: ['X-Request-Id', requestId] });
      return reply.headers['x-request-id'];
    };
    expect(await ask('lb-1:7f.3')).toBe('lb-1:7f.3');
    for (const bad of ['', 'a b', 'é', 'x'.repeat(101), '"},{"']) expect(await ask(bad)).toMatch(/^[\da-f-]{36}$/);
    expect(proxied.logs()).toContain('"requestId":"lb-1:7f.3"');
    await proxied.close();
  });
});

describe('metrics', () => {
  it('count logins, registrations and tokens by what came of them', async () => {
    const of = (mutation: string, outcome: string) => sample('graphql_token_auth_mutations_total', { mutation, outcome });
    const tokens = (change: string) => sample('graphql_token_auth_tokens_total', { change });
    const hashes = () => sample('graphql_token_auth_hash_duration_seconds_count');
    const past = { ok: await of('login', 'OK'), issued: await tokens('issued'), revoked: await tokens('revoked'), hashes: await hashes() };
    const bob = await app.register('bob');
    await login('bob', GOOD_PASSWORD);
    await login('bob', 'wrong');
    await login('bob', 'wrong');
    await app.graphql('mutation { revokeAllTokens { revoked } }', { token: bob.token });
    expect(await of('register', 'OK')).toBe(2);
    expect(await of('login', 'OK')).toBe(past.ok + 1);
    expect(await of('login', '400 BAD REQUEST')).toBe(2);
    expect(await of('login', '429 TOO MANY REQUESTS')).toBe(2);
    expect(await tokens('issued')).toBe(past.issued + 2);
    expect(await tokens('revoked')).toBe(past.revoked + 1);
    expect(await hashes()).toBe(past.hashes + 3);
    expect(await sample('graphql_token_auth_hashes_pending')).toBe(0);
  });

  it('time operations by type and outcome, whichever way they take', async () => {
    const count = () => sample('graphql_token_auth_operation_duration_seconds_count', { type: 'query', outcome: 'OK' });
    const past = await count();
    for (let n = 0; n < 3; n++) await app.graphql('{ __typename } # timed');
    expect(await count()).toBe(past + 3);
  });

  it('show the connections to the database and the queue of mails', async () => {
    expect(await sample('graphql_token_auth_database_connections', { state: 'max' })).toBe(10);
    expect(await sample('graphql_token_auth_database_connections', { state: 'idle' })).toBeGreaterThan(0);
    expect(await app.metrics()).toMatch(/^graphql_token_auth_mails_queued \d+$/m);
  });

  it('have no label that a client can make up', async () => {
    const series = async () => (await app.metrics()).split('\n').filter((line) => line.startsWith('graphql_token_auth_')).length;
    const attack = async (n: number) => {
      await app.graphql(`query Q${n} { a${n}: __typename }`);
      await app.graphql(`mutation M${n} { m${n}: logout { status { code } } }`);
      await app.graphql(`{ nothing${n} }`);
      await rawRequest(app.url, { path: `/nothing/${n}`, method: 'DELETE' });
      await rawRequest(app.url, {
        query: '{ __typename }',
        headers: ['X-Request-Id', `${n}`, 'User-Agent', `${n}`, 'Authorization', `Token ${n}`],
      });
    };
    await attack(0);
    const past = await series();
    for (let n = 1; n < 20; n++) await attack(n);
    expect(await series()).toBe(past);
    expect(await sample('graphql_token_auth_mutations_total', { mutation: 'logout' })).toBe(0); // it was refused, and did not run
  });

  it('are not to be had where the API is', async () => {
    expect((await rawRequest(app.url, { path: '/metrics' })).status).toBe(404);
  });
});
