import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import recorded from '../../fixtures/drf-authorization-header.json' with { type: 'json' };
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

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

const refusalOf = async ({ url }: TestApp, authorization: string) =>
  (await rawRequest(url, { query: '{ hello }', headers: ['Authorization', authorization] })).json.errors?.[0];

describe('a key that another scheme introduces', () => {
  const sentence = 'Authentication credentials were not provided.';

  it.each([
    'Bearer {valid}',
    'bearer {valid}',
    '{valid}',
    'JWT {valid}',
    'Basic dTpw',
    'Token:{valid}',
    'Token={valid}',
    '"Token" {valid}',
  ])('is none, in DRF’s words, with a hint: %s', async (header) => {
    const refusal = await refusalOf(app, fillIn(header));
    expect(refusal.message).toBe(sentence);
    expect(refusal.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      reason: 'WRONG_SCHEME',
      hint: 'Send the key as "Authorization: Token <key>".',
    });
  });

  it.each(['', ' '])('is not meant by an empty header', async (header) => {
    expect((await refusalOf(app, header)).extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'MISSING' });
  });
});

describe('AUTH_SCHEMES', () => {
  it('lets Bearer introduce keys besides Token', async () => {
    const both = await createTestApp({ env: { AUTH_SCHEMES: 'token,bearer' } });
    const { token } = await both.register('ann');
    for (const scheme of ['Token', 'Bearer', 'bearer', 'BEARER']) expect(await refusalOf(both, `${scheme} ${token}`)).toBeUndefined();
    expect((await refusalOf(both, `Bearer ${token} x`)).extensions.reason).toBe('MALFORMED');
    expect((await refusalOf(both, `Basic ${token}`)).extensions.reason).toBe('WRONG_SCHEME');
    await both.close();
  });

  it('lets Bearer stand instead of Token, in the challenge too', async () => {
    const bearer = await createTestApp({ env: { AUTH_SCHEMES: 'Bearer' } });
    const { token } = await bearer.register('ann');
    expect(await refusalOf(bearer, `Bearer ${token}`)).toBeUndefined();
    const reply = await rawRequest(bearer.url, { query: '{ hello }', headers: ['Authorization', `Token ${token}`] });
    expect(reply.headers['www-authenticate']).toBe('Bearer');
    expect(reply.json.errors[0].extensions).toMatchObject({
      reason: 'WRONG_SCHEME',
      hint: 'Send the key as "Authorization: Bearer <key>".',
    });
    await bearer.close();
  });
});
