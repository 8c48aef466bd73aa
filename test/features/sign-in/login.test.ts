import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) {
  status { code message retryAfter } token errors { field code message } user { id username lastLogin }
} }`;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = (username: string, password: string) => app.graphql(LOGIN, { variables: { input: { username, password } } });

describe('login', () => {
  it('with the right password issues another key and leaves the first one alive', async () => {
    const first = await app.register('Ann');
    const { data } = await login('Ann', GOOD_PASSWORD);
    expect(data.login).toMatchObject({
      status: { code: '200 OK', message: 'User Authenticated', retryAfter: null },
      errors: [],
      user: { id: first.id, username: 'Ann' },
    });
    expect(Date.parse(data.login.user.lastLogin)).toBeGreaterThan(Date.now() - 60_000);
    expect(data.login.token).toMatch(/^[0-9a-f]{40}$/);
    expect(data.login.token).not.toBe(first.token);
    for (const token of [first.token, data.login.token]) {
      expect((await app.graphql('{ hello }', { token })).data).toEqual({ hello: 'Hello, World!' });
    }
  });

  it('ignores a stale token that a client attaches to everything', async () => {
    await app.register('stale');
    const reply = await app.graphql(LOGIN, { variables: { input: { username: 'stale', password: GOOD_PASSWORD } }, token: '0'.repeat(40) });
    expect(reply.data.login.status.code).toBe('200 OK');
  });

  it('finds a name however its characters are composed', async () => {
    await app.register('jose\u0301');
    expect((await login('jos\u00e9', GOOD_PASSWORD)).data.login.status.code).toBe('200 OK');
  });

  it('tells Case from case where an imported table holds both', async () => {
    const imported = await app.register('Case');
    const [row] = await app.sql('select password_hash from users where id = ?', [imported.id]);
    await app.sql('insert into users (username, password_hash) values (?, ?)', ['case', row?.password_hash]);
    expect((await login('Case', GOOD_PASSWORD)).data.login.user.username).toBe('Case');
    expect((await login('case', GOOD_PASSWORD)).data.login.user.username).toBe('case');
    expect((await login('CASE', GOOD_PASSWORD)).data.login.status.code).toBe('400 BAD REQUEST');
  });
});

describe('refusals of login are byte-identical', () => {
  const refused =
    '{"data":{"login":{"status":{"code":"400 BAD REQUEST","message":"Invalid Username or Password. Please try again","retryAfter":null},"token":null,"errors":[],"user":null}}}';

  beforeAll(async () => {
    await Promise.all(['wrong', 'inactive', 'unusable', 'foreign', 'broken'].map((username) => app.register(username)));
    await app.sql("update users set is_active = false where username = 'inactive'");
    await app.sql("update users set password_hash = '!gNQQHhSDFurbNTc4aPsN73Oh7YUe2i2sgIGgBYeh' where username = 'unusable'");
    await app.sql("update users set password_hash = 'sha1$salt$0123456789' where username = 'foreign'");
    await app.sql("update users set password_hash = 'bcrypt_sha256$$2b$04$broken' where username = 'broken'");
  });

  const cases = [
    { what: 'a wrong password', username: 'wrong', password: 'another-Quartz-12' },
    { what: 'an unknown user', username: 'nobody-here', password: GOOD_PASSWORD },
    { what: 'another spelling of the name', username: 'WRONG', password: GOOD_PASSWORD },
    { what: 'an inactive user', username: 'inactive', password: GOOD_PASSWORD },
    { what: 'an unusable password', username: 'unusable', password: GOOD_PASSWORD },
    { what: 'a hash of another format', username: 'foreign', password: GOOD_PASSWORD },
    { what: 'a broken hash', username: 'broken', password: GOOD_PASSWORD },
    { what: 'an empty password', username: 'wrong', password: '' },
    { what: 'an empty username', username: '', password: GOOD_PASSWORD },
    { what: 'a NUL in the username', username: 'wro\0ng', password: GOOD_PASSWORD },
    { what: 'a lone surrogate in the username', username: 'wrong\ud800', password: GOOD_PASSWORD },
    { what: 'a NUL in the password', username: 'wrong', password: `${GOOD_PASSWORD}\0` },
    { what: 'a lone surrogate in the password', username: 'wrong', password: '\udfff' },
    { what: 'a password of 90 kB', username: 'wrong', password: 'x'.repeat(90_000) },
  ];

  it.each(cases)('$what', async ({ username, password }) => {
    const reply = await login(username, password);
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(refused);
  });
});

describe('a password counts whole', () => {
  it('past bcrypt’s 72 bytes', async () => {
    const password = `${'a-Long-1'.repeat(10)}!`;
    await app.graphql('mutation ($input: RegisterInput!) { register(input: $input) { token } }', {
      variables: { input: { username: 'long', password } },
    });
    expect((await login('long', password.slice(0, -1))).data.login.token).toBeNull();
    expect((await login('long', password)).data.login.token).not.toBeNull();
  });
});
