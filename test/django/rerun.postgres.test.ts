import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/django/import-report.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createDjangoDatabase, type DjangoDatabase, importInto } from '../support/database/django.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token } }';
const HASH = 'bcrypt_sha256$$2b$04$'; // what this test logs in with is hashed by the product itself

let app: TestApp;
let django: DjangoDatabase;
beforeAll(async () => {
  [app, django] = await Promise.all([createTestApp(), createDjangoDatabase()]);
});
afterAll(async () => {
  await app.close();
  await django.drop();
});

const login = async (username: string, password: string) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;
const isAlive = async (token: string) => (await app.graphql('{ hello }', { token })).status === 200;
const md5Of = async (password: string) => `md5$salt$${(await django.sql('select md5($1)', [`salt${password}`]))[0]?.md5}`;
const userHere = async (id: number) => (await app.sql('select * from users where id = ?', [id]))[0];

describe('before anything is here', () => {
  it('--dry-run reports what would happen and writes nothing', async () => {
    const report = await importInto(app, django, { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, users: { read: 17, new: 17 }, tokens: { new: 14 }, knoxTokens: { new: 3, expired: 1 } });
    const tables = ['users', 'tokens', 'django_users', 'security_events'];
    for (const table of tables) expect(await app.sql(`select * from ${table}`)).toEqual([]);
    expect(await app.sql('select last_value from users_id_seq')).toMatchObject([{ last_value: '1' }]);
  });

  it('one that is interrupted leaves whole batches, and the next one does the rest', async () => {
    let batches = 0;
    const advance = () => {
      if (++batches === 2) throw new Error('interrupted');
    };
    const interrupted = importInto(app, django, { size: 5 }, advance);
    await expect(interrupted).rejects.toThrow('interrupted');
    const [here] = await app.sql('select count(*)::int as users, array_agg(id) as ids from users');
    expect([10, 15]).toContain(here?.users); // batches of five; two are written at once
    const [there] = await django.sql('select count(*)::int as tokens from authtoken_token where user_id = any($1)', [here?.ids]);
    expect(await app.sql('select count(*)::int as tokens from tokens where length(digest) = 64')).toEqual([there]);
    expect(await importInto(app, django, { size: 5 })).toMatchObject({
      users: { read: 17, unchanged: here?.users, new: 17 - Number(here?.users) },
      tokens: { read: 14, unchanged: there?.tokens },
      problems: [],
    });
    expect(await app.sql('select count(*)::int as count from tokens')).toEqual([{ count: 17 }]);
  });
});

describe('a second run', () => {
  it('without any change writes nothing', async () => {
    const rows = () =>
      app.sql(
        'select xmin::text from users union all select xmin::text from tokens union all select xmin::text from django_users order by 1',
      );
    const before = await rows();
    expect(await importInto(app, django)).toMatchObject({
      users: { unchanged: 17 },
      tokens: { unchanged: 14 },
      knoxTokens: { unchanged: 3 },
    });
    expect(await rows()).toEqual(before);
  });
});

describe('after changes here and in Django', () => {
  const drfKey = (id: number) => django.sql('select key from authtoken_token where user_id = $1', [id]).then(([row]) => String(row?.key));
  let report: ImportReport;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    await django.sql("select setval('auth_user_id_seq', 17)");
    // In Django
    await django.sql("update auth_user set email = 'new@example.com', is_active = false where username = 'johndoe'");
    await django.sql("update auth_user set password = $1, last_login = now() where username = 'md5'", [await md5Of('changed-in-django')]);
    await django.sql("update auth_user set first_name = 'Django', email = 'django@example.com', password = $1 where username = 'Case'", [
      await md5Of('from-django'),
    ]);
    await django.sql("update auth_user set username = 'renamed' where username = 'sha1'");
    keys.loggedOutThere = await drfKey(6);
    await django.sql('delete from authtoken_token where user_id = 6');
    keys.fresh = 'f'.repeat(40);
    await django.sql('insert into authtoken_token values ($1, now(), 16)', [keys.fresh]);
    await django.sql(
      "insert into auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) values ($1, false, 'late', '', '', '', false, true, now())",
      [await md5Of('late')],
    );
    await django.sql('delete from authtoken_token where user_id = 8');
    await django.sql("delete from auth_user where username = 'unusable'");
    // Here
    expect((await login('Case', 'upper-case-one')).status.code).toBe('200 OK'); // the hash becomes one of ours
    const changed = await app.graphql('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }', {
      token: await drfKey(13),
      variables: { input: { currentPassword: 'upper-case-one', newPassword: 'changed-Here-13' } },
    });
    expect(changed.data.changePassword.status.code).toBe('200 OK');
    await app.sql("update users set first_name = 'Here' where username = 'Case'");
    expect((await login('case', 'lower-case-two')).status.code).toBe('200 OK');
    await django.sql("update auth_user set password = $1 where username = 'case'", [await md5Of('after-the-login-here')]);
    keys.loggedOutHere = await drfKey(2);
    await app.graphql('mutation { logout { status { code } } }', { token: keys.loggedOutHere });
    keys.deletedHere = await drfKey(5);
    await app.sql("delete from users where username = 'rawbcrypt'");
    report = await importInto(app, django);
  });

  it('says what it did', () => {
    expect(report).toMatchObject({
      users: { read: 17, new: 1, changed: 5, 'deleted-here': 1, unchanged: 10, kept: 1, gone: 1 },
      tokens: { read: 13, new: 1, 'ended-here': 2 },
      tokensEnded: 1,
      problems: [{ table: 'user', userId: '8', reason: expect.stringContaining('no longer in Django') }],
    });
  });

  it('follows what was changed in Django', async () => {
    expect(await userHere(1)).toMatchObject({ email: 'new@example.com', is_active: false });
    expect(await userHere(3)).toMatchObject({ username: 'renamed', canonical_username: 'RENAMED' });
    expect((await userHere(7))?.last_login).not.toBeNull();
    expect((await login('md5', 'changed-in-django')).status.code).toBe('200 OK');
    expect((await login('late', 'late')).status.code).toBe('200 OK');
  });

  it('keeps what was changed here, the password above all', async () => {
    expect(await userHere(13)).toMatchObject({ first_name: 'Here', email: 'django@example.com' });
    expect((await login('Case', 'changed-Here-13')).status.code).toBe('200 OK');
    expect((await login('Case', 'from-django')).status.code).toBe('400 BAD REQUEST');
  });

  it('does not take a login here, which renews the hash, for a change of the password', async () => {
    expect((await login('case', 'after-the-login-here')).status.code).toBe('200 OK');
    expect((await login('case', 'lower-case-two')).status.code).toBe('400 BAD REQUEST');
  });

  it('ends tokens that were ended in Django, takes new ones, and brings back none that was ended here', async () => {
    expect(await isAlive(keys.loggedOutThere ?? '')).toBe(false);
    expect(await isAlive(keys.fresh ?? '')).toBe(true);
    expect(await isAlive(keys.loggedOutHere ?? '')).toBe(false);
  });

  it('does not bring back an account that was deleted here, nor remembers whose it was', async () => {
    expect(await userHere(5)).toBeUndefined();
    expect(await isAlive(keys.deletedHere ?? '')).toBe(false);
    const [row] = await app.sql('select * from django_users where id = 5');
    expect(Object.values(row ?? {}).filter((value) => value !== null && value !== 5 && String(value) !== '')).toEqual([]);
  });

  it('and the run after that has nothing to do', async () => {
    const again = await importInto(app, django);
    expect(again.users).toMatchObject({ unchanged: 16, 'deleted-here': 1 });
    expect(again.tokensEnded).toBe(0);
  });
});

describe('an account that is switched off and on', () => {
  const inDjango = async (isActive: boolean) => {
    await django.sql('update auth_user set is_active = $1 where id = 1', [isActive]);
    await importInto(app, django);
  };
  const here = (isActive: boolean) => app.sql('update users set is_active = ? where id = 1', [isActive]);

  it('in Django keeps its tokens, and here has none from before, not even after another import', async () => {
    const [row] = await django.sql('select key from authtoken_token where user_id = 1');
    const key = String(row?.key);
    expect(await isAlive(key)).toBe(false); // switched off above
    await inDjango(true);
    expect(await isAlive(key)).toBe(true);
    await here(false);
    await here(true);
    expect(await isAlive(key)).toBe(false);
    await inDjango(false);
    await inDjango(true);
    expect(await isAlive(key)).toBe(false);
  });

  it('by SQL right after an import on the same connection has its tokens ended', async () => {
    await app.sql("insert into tokens (digest, user_id) values ('left', 1)");
    await inDjango(false);
    await inDjango(true);
    expect(await app.sql("select 1 from tokens where digest = 'left'")).toHaveLength(1);
    await here(false);
    await here(true);
    expect(await app.sql("select 1 from tokens where digest = 'left'")).toEqual([]);
  });
});

describe('--since', () => {
  it('looks at users who joined, logged in or got a token since, and at nobody else', async () => {
    await django.sql("update auth_user set last_login = '2027-01-02 00:00+00', email = 'seen@example.com' where username = 'argon'");
    await django.sql("update auth_user set email = 'unseen@example.com' where username = 'scrypt'");
    await django.sql("insert into authtoken_token values ('abcdefabcdefabcdefabcdefabcdefabcdefabcd', '2027-01-02 00:00+00', 10)");
    expect(await importInto(app, django, { since: '2027-01-01' })).toMatchObject({
      users: { read: 2, changed: 1, unchanged: 1 },
      tokens: { new: 1 },
    });
    expect(await userHere(4)).toMatchObject({ email: 'seen@example.com' });
    expect(await userHere(6)).toMatchObject({ email: 'scrypt@example.com' });
    expect(await isAlive('abcdefabcdefabcdefabcdefabcdefabcdefabcd')).toBe(true);
  });
});

describe('two devices that log in at once', () => {
  it('both get in, though each would renew the hash', async () => {
    await app.sql('update users set password_hash = ? where id = 10', [await md5Of('both')]);
    const logins = await Promise.all(Array.from({ length: 8 }, () => login('no.token', 'both')));
    expect(logins.map(({ status }) => status.code)).toEqual(Array(8).fill('200 OK'));
    expect((await userHere(10))?.password_hash).toContain(HASH);
  });
});
