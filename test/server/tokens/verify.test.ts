import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

let app: TestApp;
let ann: { id: string; token: string };
beforeAll(async () => {
  app = await createTestApp({ env: { THROTTLE: 'on', THROTTLE_UNKNOWN_TOKEN: '20/5m', THROTTLE_REGISTER: '1000/1h', TRUST_PROXY: '1' } });
  ann = await app.register('Änn@home');
});
afterAll(() => app.close());

const verify = (init: RequestInit = {}, query = '') => fetch(`${app.url}/verify${query}`, init);
const as = (key: string, scheme = 'Token', more: Record<string, string> = {}) => ({
  headers: { Authorization: `${scheme} ${key}`, ...more },
});

describe('/verify', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'])('answers %s alike', async (method) => {
    const good = await verify({ method, ...as(ann.token) });
    expect([good.status, good.headers.get('x-auth-user-id')]).toEqual([200, ann.id]);
    expect((await verify({ method })).status).toBe(401);
  });

  it('says whose token it is, in headers and in the body', async () => {
    const { headers, ...response } = await verify(as(ann.token)).then(async (reply) => ({
      headers: reply.headers,
      body: await reply.json(),
    }));
    const [row] = await app.sql('select id::text, extract(epoch from expires_at)::bigint::text as end from tokens where user_id = ?', [
      ann.id,
    ]);
    expect(response.body).toEqual({
      active: true,
      sub: ann.id,
      username: 'Änn@home',
      scope: '',
      token_id: row?.id,
      exp: expect.any(Number),
    });
    expect(Math.abs(response.body.exp - Number(row?.end))).toBeLessThan(2);
    expect(headers.get('x-auth-username')).toBe('%C3%84nn%40home');
    expect([headers.get('x-auth-token-id'), headers.get('cache-control')]).toEqual([row?.id, 'no-store']);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['Token', 'token', 'Bearer', 'BEARER'])('takes the scheme %s', async (scheme) => {
    expect((await verify(as(ann.token, scheme))).status).toBe(200);
  });

  it.each([
    { what: 'no token', header: undefined, reason: 'MISSING' },
    { what: 'another scheme', header: 'Basic YTpi', reason: 'WRONG_SCHEME' },
    { what: 'no key', header: 'Token', reason: 'MALFORMED' },
    { what: 'two keys', header: 'Token a b', reason: 'MALFORMED' },
    { what: 'bytes that are not UTF-8', header: 'Token \xff', reason: 'MALFORMED' },
    { what: 'an unknown key', header: `Token ${'0'.repeat(40)}`, reason: 'INVALID' },
  ])('refuses $what with 401 whatever is accepted', async ({ header, reason }) => {
    for (const accept of ['application/json', 'text/html', 'application/graphql-response+json', '*/*']) {
      const headers = {
        Accept: accept,
        ...(header && { Authorization: header }),
        'X-Auth-User-Id': ann.id,
        'X-Forwarded-For': '192.0.2.1',
      };
      const response = await verify({ headers });
      expect([response.status, await response.json()]).toEqual([401, { active: false, reason }]);
      expect(response.headers.get('www-authenticate')).toBe('Token');
      expect(response.headers.get('x-auth-user-id')).toBeNull();
    }
  });

  it('refuses a token that expired, was revoked, or whose owner was deactivated', async () => {
    const { id, token } = await app.register('leaving');
    await app.sql("update tokens set expires_at = now() - interval '1 second' where user_id = ?", [id]);
    expect(await (await verify(as(token))).json()).toEqual({ active: false, reason: 'EXPIRED' });
    await app.sql('update tokens set expires_at = null where user_id = ?', [id]);
    expect(await (await verify(as(token))).json()).not.toHaveProperty('exp');
    await app.sql('update users set is_active = false where id = ?', [id]);
    expect(await (await verify(as(token))).json()).toEqual({ active: false, reason: 'INACTIVE' });
    await app.sql('delete from tokens where user_id = ?', [id]);
    expect(await (await verify(as(token))).json()).toEqual({ active: false, reason: 'INVALID' });
  });

  it('asks for every scope that it is asked for', async () => {
    const { id, token } = await app.register('editor');
    await app.sql(`update users set scopes = '{introspect,editor}', is_staff = true where id = ?`, [id]);
    const status = async (query: string) => (await verify(as(token), query)).status;
    expect(
      await Promise.all(['?scope=editor', '?scope=editor&scope=staff', '?scope=editor+introspect', '?scope=authenticated'].map(status)),
    ).toEqual([200, 200, 200, 200]);
    expect(await Promise.all(['?scope=superuser', '?scope=editor&scope=admin', '?scope=', '?scope=edit', '?as=other'].map(status))).toEqual(
      [403, 403, 403, 403, 400],
    );
    expect((await verify(as(token))).headers.get('x-auth-scopes')).toBe('staff introspect editor');
    const refused = await verify(as(token), '?scope=superuser');
    expect([refused.headers.get('x-auth-user-id'), await refused.json()]).toEqual([null, { active: true, reason: 'FORBIDDEN' }]);
    expect((await verify({}, '?scope=editor')).status).toBe(401);
  });

  it('answers Hasura in its own form', async () => {
    const { id, token } = await app.register('hasura');
    await app.sql(`update users set scopes = '{editor}' where id = ?`, [id]);
    const response = await verify(as(token), '?as=hasura');
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { 'X-Hasura-Role': 'user', 'X-Hasura-Allowed-Roles': 'user,editor', 'X-Hasura-User-Id': id, 'X-Hasura-Username': 'hasura' },
    ]);
    expect((await verify({}, '?as=hasura')).status).toBe(401);
  });

  it('reads no body: it answers before one has come', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { Authorization: `Token ${ann.token}`, 'Content-Length': 1_000_000_000 };
      const asked = request(`${app.url}/verify`, { method: 'POST', headers }, ({ statusCode }) => {
        resolve(statusCode);
        asked.destroy();
      });
      asked.on('error', reject).flushHeaders();
    });
    expect(status).toBe(200);
  });

  it('counts as a use of the token, and is an operation in the log', async () => {
    const { id, token } = await app.register('busy');
    const before = app.logs().length;
    await verify(as(token));
    await verify({});
    const lines = app
      .logs()
      .slice(before)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { msg: 'operation', type: 'verify', userId: Number(id), outcome: 'OK' },
      { msg: 'operation', type: 'verify', userId: null, outcome: 'UNAUTHENTICATED' },
    ]);
  });

  it('tells an address that tries too many unknown tokens to wait, and goes on to answer good ones', async () => {
    const from = (key: string, address: string) => verify(as(key, 'Token', { 'X-Forwarded-For': address }));
    const statuses = [];
    for (let n = 0; n < 22; n++) statuses.push((await from(`${n}`.repeat(40).slice(0, 40), '198.51.100.7')).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    const refused = await from('1'.repeat(40), '198.51.100.7');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await from(ann.token, '198.51.100.7')).status).toBe(200);
    expect((await from('1'.repeat(40), '198.51.100.8')).status).toBe(401);
  });
});
