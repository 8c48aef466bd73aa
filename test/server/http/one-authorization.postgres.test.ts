import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('bearer'));
});
afterAll(() => app.close());

const query = '{ hello }';
const standard = ['Content-Type', 'application/json', 'Accept', 'application/graphql-response+json'];

describe('two Authorization headers are refused: who is meant depends on who reads them', () => {
  it.each([
    { what: 'different', names: ['Authorization', 'Authorization'], keys: ['', 'x'] },
    { what: 'equal', names: ['Authorization', 'Authorization'], keys: ['', ''] },
    { what: 'in different case', names: ['authorization', 'AUTHORIZATION'], keys: ['', ''] },
    { what: 'three, one of them empty', names: ['Authorization', 'authorization', 'Authorization'], keys: ['', '', 'x'] },
  ])('$what', async ({ names, keys }) => {
    const headers = names.flatMap((name, n) => [name, keys[n] ? '' : `Token ${token}`]);
    for (const request of [
      { query, headers },
      { path: '/graphql?query=%7B__typename%7D', headers },
    ]) {
      const reply = await rawRequest(app.url, request);
      expect(reply).toMatchObject({ status: 400, text: 'Send one Authorization header.' });
    }
  });

  it('but one of them and a value or a name that looks like another are not two', async () => {
    const headers = ['X-Name', 'Authorization', 'Authorization', `Token ${token}`, 'X-Authorization', 'Token x'];
    expect((await rawRequest(app.url, { query, headers })).json).toEqual({ data: { hello: 'Hello, World!' } });
  });
});

describe('a key anywhere but in the Authorization header is no key', () => {
  it.each(['token', 'access_token', 'key', 'Authorization', 'authorization'])('?%s= is ignored', async (name) => {
    for (const value of [token, `Token ${token}`]) {
      const path = `/graphql?query=%7Bhello%7D&${name}=${encodeURIComponent(value)}`;
      const reply = await rawRequest(app.url, { path, headers: standard.slice(2) });
      expect(reply.status).toBe(401);
      expect(reply.json.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'MISSING' });
    }
  });

  it.each(['Cookie', 'X-Authorization', 'Proxy-Authorization', 'X-Auth-Token', 'Token'])('nor is one in %s', async (name) => {
    const reply = await rawRequest(app.url, { query, headers: [name, name === 'Cookie' ? `token=${token}` : `Token ${token}`] });
    expect(reply.status).toBe(401);
    expect(reply.json.errors[0].extensions.reason).toBe('MISSING');
  });

  it('in the body it is ignored, not echoed', async () => {
    const reply = await rawRequest(app.url, { body: JSON.stringify({ query, token, Authorization: `Token ${token}` }), headers: standard });
    expect(reply.status).toBe(401);
    expect(reply.json.errors[0].extensions.reason).toBe('MISSING');
    expect(reply.text).not.toContain(token);
  });
});
