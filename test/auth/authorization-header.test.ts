import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import recorded from '../fixtures/drf-authorization-header.json' with { type: 'json' };
import { rawRequest } from '../support/raw-request.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
const keys: Record<string, string> = {};

beforeAll(async () => {
  app = await createTestApp();
  const valid = await app.register('valid');
  const inactive = await app.register('inactive');
  await app.sql('update users set is_active = false where id = ?', [inactive.id]);
  Object.assign(keys, { '{valid}': valid.token, '{VALID}': valid.token.toUpperCase(), '{inactive}': inactive.token });
});
afterAll(() => app.close());

const fillIn = (header: string) => header.replace(/\{\w+\}/, (name) => keys[name] ?? name);

describe('the Authorization header gets the verdict that DRF gave', () => {
  it.each(recorded.cases)('$case', async ({ authorization, status, wwwAuthenticate, detail }) => {
    const header = authorization === null ? [] : ['Authorization', fillIn(authorization)];
    const reply = await rawRequest(app.url, { query: '{ hello }', headers: header });
    expect(reply.status).toBe(status);
    expect(reply.headers['www-authenticate'] ?? null).toBe(wwwAuthenticate);
    expect(status === 200 ? reply.json.data.hello : reply.json.errors[0].message).toBe(detail);
  });

  it.each(recorded.cases)('$case: a public field answers all the same', async ({ authorization }) => {
    const header = authorization === null ? [] : ['Authorization', fillIn(authorization)];
    const reply = await rawRequest(app.url, { query: '{ __typename }', headers: header });
    expect(reply.status).toBe(200);
    expect(reply.json.data).toEqual({ __typename: 'Query' });
  });
});
