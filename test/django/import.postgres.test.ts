import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/django/import-report.ts';
import site from '../fixtures/django-users.json' with { type: 'json' };
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { createDjangoDatabase, type DjangoDatabase, importInto } from '../support/database/django.ts';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { errors { field code } } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token user { id username } } }';

let app: TestApp;
let django: DjangoDatabase;
let report: ImportReport;
beforeAll(async () => {
  [app, django] = await Promise.all([createTestApp(), createDjangoDatabase()]);
  report = await importInto(app, django);
});
afterAll(async () => {
  await app.close();
  await django.drop();
});

const login = (username: string, password: string) => app.graphql(LOGIN, { variables: { input: { username, password } } });
const reasonFor = async (token: string) => (await app.graphql('{ hello }', { token })).errors[0]?.extensions.reason;
const users = site.users.map((user) => ({ ...user, drf_token: user.drf_token ?? null }));

describe('the import of the recorded site', () => {
  it('takes over every user and every live token, and says so', () => {
    expect(report).toEqual({
      dryRun: false,
      users: { read: 17, kept: 0, new: 17, gone: 0 },
      tokens: { read: 14, new: 14 },
      knoxTokens: { read: 4, expired: 1, new: 3 },
      formats: { pbkdf2_sha256: 6, bcrypt_sha256: 5, pbkdf2_sha1: 1, argon2: 1, bcrypt: 1, scrypt: 1, md5: 1, unusable: 1 },
      tokensEnded: 0,
      problems: [],
    });
  });

  it('keeps ids, spellings, flags and dates to the microsecond', async () => {
    const columns = 'id, username, email, first_name, last_name, is_active, is_staff, is_superuser, date_joined::text, last_login::text';
    const here = await app.sql(`select ${columns}, password_hash as password from users order by id`);
    expect(here).toEqual(await django.sql(`select ${columns}, password from auth_user order by id`));
  });

  it('stores no key as it is', async () => {
    const [row] = await app.sql('select (array_agg(t))::text || (select array_agg(d)::text from django_users d) as text from tokens t');
    for (const { drf_token, knox_tokens } of users) {
      for (const key of [...knox_tokens, ...(drf_token ? [drf_token] : [])]) expect(row?.text).not.toContain(key);
    }
  });

  it('gives the next one who registers an id of their own', async () => {
    expect(Number((await app.register('newcomer')).id)).toBeGreaterThan(17);
  });

  it.each(['CASE', 'JOHNDOE'])('lets nobody register as %s, which differs from an imported name in case only', async (username) => {
    const { data } = await app.graphql(REGISTER, { variables: { input: { username, password: GOOD_PASSWORD } } });
    expect(data.register.errors).toMatchObject([{ field: 'username', code: 'UNIQUE' }]);
  });
});

describe('tokens', () => {
  it.each(users.filter(({ drf_token, is_active }) => drf_token && is_active))(
    'the DRF key of $username says hello',
    async ({ drf_token, username }) => {
      const { data } = await app.graphql('{ hello me { username } }', { token: drf_token ?? '' });
      expect(data).toEqual({ hello: 'Hello, World!', me: { username } });
    },
  );

  const knoxKeys = users.flatMap(({ username, knox_tokens }) => knox_tokens.map((key, index) => ({ username, key, index })));
  it.each(knoxKeys.filter(({ username }) => username !== 'knoxexpired'))(
    'knox key $index of $username says hello',
    async ({ username, key }) => {
      expect((await app.graphql('{ me { username } }', { token: key })).data).toEqual({ me: { username } });
    },
  );

  it('the key of an inactive user, and one left behind as expired, are refused for that', async () => {
    expect(await reasonFor('66f3fb21a0f9a78a53d17eb172b93bb624e9e92f')).toBe('INACTIVE');
    expect(await reasonFor('388b92f02eb95aacb9bd99218a1aeb9f2fb5c900731f4b9ec4abf7419948ac6a')).toBe('INVALID');
  });

  it('knox’s keep their end, DRF’s have none, and use puts neither off', async () => {
    const rows = await app.sql(
      "select distinct length(digest) as length, expires_at::text, slides from tokens where name = 'Django' and user_id in (1, 16)",
    );
    expect(rows).toContainEqual({ length: 64, expires_at: null, slides: false });
    expect(rows).toContainEqual({ length: 128, expires_at: '2036-11-20 13:21:37.817103+00', slides: false });
  });

  it('one past the end that knox gave it is refused as expired', async () => {
    await app.sql('update tokens set expires_at = now() where user_id = 16 and length(digest) = 128');
    expect(await reasonFor('01e6ac1a363b7f35a00071276f2e6d9de350006bcba6e9b866f39cbaad6adb4d')).toBe('EXPIRED');
  });

  it('one that an older knox issued, which hashed other bytes, says hello', async () => {
    const key = 'ab'.repeat(32);
    await app.sql("insert into tokens (digest, user_id) values (encode(sha512(decode(?, 'hex')), 'hex'), 1)", [key]);
    expect((await app.graphql('{ me { username } }', { token: key })).data).toEqual({ me: { username: 'johndoe' } });
  });
});

describe('passwords', () => {
  it.concurrent.each(users.filter(({ password, is_active }) => password && is_active))(
    '$username logs in with a $hasher hash, and the second time with one of ours',
    async ({ username, password }) => {
      expect((await login(username, password ?? '')).data.login).toMatchObject({ status: { code: '200 OK' }, user: { username } });
      const [row] = await app.sql('select password_hash from users where username = ?', [username]);
      expect(row?.password_hash).toMatch(/^bcrypt_sha256\$\$2b\$04\$/);
      expect((await login(username, password ?? '')).data.login.status.code).toBe('200 OK');
    },
  );

  it.each([
    ['inactive', 'correct horse battery'],
    ['unusable', '!gNQQHhSDFurbNTc4aPsN73Oh7YUe2i2sgIGgBYeh'],
    ['knoxonly', 'knox-only-Password'],
  ])('%s does not log in with %s', async (username, password) => {
    expect((await login(username, password)).data.login.status.code).toBe('400 BAD REQUEST');
  });
});
