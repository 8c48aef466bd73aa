import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) {
  status { code message } errors { field code message } token created { id name userAgent ipAddress expiresAt lastUsedAt current }
} }`;
const TOKENS = '{ tokens { id name ipAddress userAgent createdAt lastUsedAt expiresAt current } }';
const REVOKE = 'mutation ($id: ID!) { revokeToken(input: { id: $id }) { status { code message } errors { field } } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = async (username: string, userAgent = 'curl/8.5.0'): Promise<string> => {
  const variables = { input: { username, password: GOOD_PASSWORD } };
  return (await app.graphql(LOGIN, { variables, headers: { 'User-Agent': userAgent } })).data.login.token;
};
const tokensOf = async (token: string) => (await app.graphql(TOKENS, { token })).data.tokens;
const isAlive = async (token: string) => (await app.graphql('{ hello }', { token })).status === 200;

describe('tokens', () => {
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

  it('lists the viewer’s tokens, newest first, with device, address and time, never a key', async () => {
    const { token } = await app.register('lister');
    const browser = await login('lister', FIREFOX);
    await login('lister', 'curl/8.5.0');
    await app.register('somebody-else');
    const reply = await app.graphql(TOKENS, { token: browser });
    expect(reply.data.tokens).toMatchObject([
      { name: 'curl', userAgent: 'curl/8.5.0', current: false },
      { name: 'Firefox on Linux', userAgent: FIREFOX, ipAddress: '127.0.0.1', current: true },
      { name: 'node', current: false },
    ]);
    expect(reply.text).not.toContain(token);
    expect(reply.text).not.toContain(browser);
    expect(reply.text).not.toMatch(/[0-9a-f]{40}/);
  });

  it('takes no control characters and no long texts from a User-Agent', async () => {
    await app.register('novelist');
    const token = await login('novelist', `evil\tagent ${'x'.repeat(5000)}`);
    const [{ userAgent, name }] = await tokensOf(token);
    expect(userAgent).toHaveLength(300);
    expect(userAgent).not.toMatch(/\p{Cc}/u);
    expect(name).toBe('evil');
  });
});

describe('logout', () => {
  it('ends the token of the request and no other', async () => {
    const { token } = await app.register('leaver');
    const other = await login('leaver');
    const reply = await app.graphql('mutation { logout { status { code message } errors { field } } }', { token });
    expect(reply.data).toEqual({ logout: { status: { code: '200 OK', message: 'Logged out' }, errors: [] } });
    expect(await isAlive(token)).toBe(false);
    expect(await isAlive(other)).toBe(true);
  });
});

describe('revokeToken', () => {
  it('ends a token of the viewer at once', async () => {
    const { token } = await app.register('revoker');
    const other = await login('revoker');
    const [{ id }] = await tokensOf(token);
    expect((await app.graphql(REVOKE, { token, variables: { id } })).data.revokeToken.status).toEqual({
      code: '200 OK',
      message: 'Token revoked',
    });
    const { status, errors } = await app.graphql('{ hello }', { token: other });
    expect([status, errors[0]?.extensions.reason]).toEqual([401, 'INVALID']);
  });

  it('answers the same for another user’s token and an unknown one', async () => {
    const { token } = await app.register('curious');
    const victim = await app.register('victim');
    const [{ id: foreign }] = await tokensOf(victim.token);
    const ids = [foreign, '999999999', '0', '-1', 'abc', '', '9'.repeat(40), '1 or 1=1', '\0'];
    const replies = await Promise.all(ids.map((id) => app.graphql(REVOKE, { token, variables: { id } })));
    expect(new Set(replies.map(({ text }) => text))).toEqual(
      new Set(['{"data":{"revokeToken":{"status":{"code":"404 NOT FOUND","message":"Token not found"},"errors":[]}}}']),
    );
    expect(await isAlive(victim.token)).toBe(true);
  });
});

describe('revokeAllTokens', () => {
  it('keeps the token of the request and says how many ended', async () => {
    const { token } = await app.register('cleaner');
    const others = await Promise.all([login('cleaner'), login('cleaner'), login('cleaner')]);
    const reply = await app.graphql('mutation { revokeAllTokens { revoked status { code message } } }', { token });
    expect(reply.data.revokeAllTokens).toEqual({ revoked: 3, status: { code: '200 OK', message: 'Tokens revoked' } });
    expect(await isAlive(token)).toBe(true);
    expect(await Promise.all(others.map(isAlive))).toEqual([false, false, false]);
  });

  it('with keepCurrent: false ends that one too', async () => {
    const { token } = await app.register('quitter');
    const reply = await app.graphql('mutation { revokeAllTokens(input: { keepCurrent: false }) { revoked } }', { token });
    expect(reply.data.revokeAllTokens.revoked).toBe(1);
    expect(await isAlive(token)).toBe(false);
  });
});

describe('createToken', () => {
  const create = async (token: string, input: Record<string, unknown>) =>
    (await app.graphql(CREATE, { token, variables: { input } })).data.createToken;

  it('issues a named key and shows it once', async () => {
    const { token } = await app.register('scripter');
    const payload = await create(token, { name: 'nightly backup', password: GOOD_PASSWORD });
    expect(payload).toMatchObject({ status: { code: '200 OK' }, errors: [], created: { name: 'nightly backup', current: false } });
    expect(payload.token).toMatch(/^[0-9a-f]{40}$/);
    expect(await isAlive(payload.token)).toBe(true);
  });

  const refused = [
    {
      what: 'a wrong password',
      input: { name: 'x', password: 'wrong-Quartz-1' },
      error: { field: 'password', code: 'PASSWORD_INCORRECT' },
    },
    { what: 'an empty name', input: { name: ' ', password: GOOD_PASSWORD }, error: { field: 'name', code: 'BLANK' } },
    {
      what: 'a name of 151 characters',
      input: { name: 'x'.repeat(151), password: GOOD_PASSWORD },
      error: { field: 'name', code: 'MAX_LENGTH' },
    },
    {
      what: 'a NUL in the name',
      input: { name: 'a\0b', password: GOOD_PASSWORD },
      error: { field: 'name', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
    },
    {
      what: 'an end in the past',
      input: { name: 'x', password: GOOD_PASSWORD, expiresAt: '2020-01-01T00:00:00Z' },
      error: { field: 'expiresAt', code: 'INVALID' },
    },
  ];
  it.each(refused)('refuses $what', async ({ what, input, error }) => {
    const { token } = await app.register(`refused-${what.replaceAll(' ', '-')}`);
    expect(await create(token, input)).toMatchObject({
      status: { code: '400 BAD REQUEST', message: 'Invalid input' },
      token: null,
      errors: [error],
    });
    expect(await tokensOf(token)).toHaveLength(1);
  });

  it('names the last moment that will do when the end is further away than TOKEN_MAX_EXPIRY, and for a year of five digits', async () => {
    const { token } = await app.register('far-future');
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const late = {
      field: 'expiresAt',
      code: 'INVALID',
      message: expect.stringMatching(/^Choose a time until \d{4}-\d\d-\d\dT\d\d:\d\dZ\.$/),
    };
    for (const expiresAt of [inDays(366), '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-12:00']) {
      expect(await create(token, { name: 'x', password: GOOD_PASSWORD, expiresAt })).toMatchObject({ token: null, errors: [late] });
    }
    expect(await create(token, { name: 'x', password: GOOD_PASSWORD, expiresAt: inDays(364) })).toMatchObject({ errors: [] });
  });

  it('with TOKEN_MAX_EXPIRY=0 takes any end that has four digits for its year', async () => {
    const unbounded = await createTestApp({ env: { TOKEN_MAX_EXPIRY: '0', TOKEN_TTL: '0' } });
    const { token } = await unbounded.register('unbounded');
    const outcomeOf = async (expiresAt: string) =>
      (await unbounded.graphql(CREATE, { token, variables: { input: { name: 'x', password: GOOD_PASSWORD, expiresAt } } })).data
        .createToken;
    expect((await outcomeOf('9999-12-31T23:59:59Z')).created.expiresAt).toBe('9999-12-31T23:59:59.000Z');
    expect(await outcomeOf('9999-12-31T23:59:59-00:01')).toMatchObject({ errors: [{ field: 'expiresAt', code: 'INVALID' }] });
    await unbounded.close();
  });
});
