import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

let app: TestApp;
let api: { id: string; token: string };
let ann: { id: string; token: string };
beforeAll(async () => {
  app = await createTestApp();
  [api, ann] = [await app.register('api'), await app.register('ann')];
  await app.sql(`update users set scopes = '{introspect}' where id = ?`, [api.id]);
});
afterAll(() => app.close());

const FORM = 'application/x-www-form-urlencoded';
const introspect = (body: string | URLSearchParams, { token = api.token, type = FORM } = {}) =>
  fetch(`${app.url}/introspect`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': type },
    body: String(body),
  });
const facts = async (token: string) => (await introspect(new URLSearchParams({ token }))).json();

describe('/introspect', () => {
  it('says what a token stands for, in the names of RFC 7662', async () => {
    expect(await facts(ann.token)).toEqual({
      active: true,
      sub: ann.id,
      username: 'ann',
      scope: '',
      token_id: expect.any(String),
      exp: expect.any(Number),
    });
  });

  it('says no more of any other token than that it is not active', async () => {
    const { id, token } = await app.register('gone');
    await app.sql("update tokens set expires_at = now() - interval '1 second' where user_id = ?", [id]);
    for (const key of [token, 'unknown', '', 'ä\0', 'x'.repeat(9000)]) expect(await facts(key)).toEqual({ active: false });
  });

  it.each([
    { what: 'a caller without the scope', init: () => ({ token: ann.token }), status: 403 },
    { what: 'an unknown caller', init: () => ({ token: 'unknown' }), status: 401 },
    { what: 'a body that is no form', init: () => ({ type: 'application/json' }), status: 415 },
  ])('refuses $what', async ({ init, status }) => {
    const response = await introspect(new URLSearchParams({ token: ann.token }), init());
    expect([response.status, await response.json()]).toMatchObject([status, { active: false }]);
  });

  it.each([
    { what: 'no token', body: 'hint=1', status: 400 },
    { what: 'two tokens', body: 'token=a&token=b', status: 400 },
    { what: 'a body that is too long', body: `token=${'x'.repeat(20_000)}`, status: 413 },
  ])('refuses $what', async ({ body, status }) => {
    expect((await introspect(body)).status).toBe(status);
  });

  it('takes POST alone', async () => {
    const response = await fetch(`${app.url}/introspect?token=${ann.token}`, { headers: { Authorization: `Token ${api.token}` } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
