import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTableNames } from '../../src/django/tables.ts';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { createDjangoDatabase, type DjangoDatabase, importInto } from '../support/database/django.ts';

let on: TestDatabase;
let app: TestApp;
let django: DjangoDatabase;
beforeAll(async () => {
  [on, django] = await Promise.all([createTestDatabase(), createDjangoDatabase()]);
  app = await createTestApp({ on });
});
afterAll(async () => {
  await app.close();
  await on.drop();
  await django.drop();
});
afterEach(() => app.sql('truncate users, django_users cascade'));

const addUser = (id: number, username: string, password = '!') =>
  app.sql('insert into users (id, username, canonical_username, password_hash) values (?, ?, upper(?), ?)', [
    id,
    username,
    username,
    password,
  ]);

describe('what is here already with other data', () => {
  it('is listed and left alone, with its tokens; everybody else is taken over', async () => {
    await addUser(1, 'somebody');
    await addUser(500, 'JamesChe');
    const report = await importInto(app, django);
    expect(report).toMatchObject({
      users: { read: 17, new: 15, 'id-taken': 1, 'username-taken': 1 },
      tokens: { new: 12, 'user-left-out': 2 },
      problems: [
        { table: 'user', userId: '1', reason: 'another account has this id here' },
        { table: 'user', userId: '2', reason: 'another account has this username here' },
      ],
    });
    expect(await app.sql('select id, username, password_hash from users where id in (1, 2, 500) order by id')).toEqual([
      { id: 1, username: 'somebody', password_hash: '!' },
      { id: 500, username: 'JamesChe', password_hash: '!' },
    ]);
  });

  it('is another site’s user of the same id too', async () => {
    await importInto(app, django);
    const other = await createDjangoDatabase();
    await other.sql("update auth_user set username = 'other', date_joined = '2020-01-01 00:00+00' where id = 1");
    expect((await importInto(app, other)).problems).toMatchObject([{ userId: '1', reason: 'another account has this id here' }]);
    expect(await app.sql('select username from users where id = 1')).toEqual([{ username: 'johndoe' }]);
    await other.drop();
  });

  it('is no conflict when it is the very same user', async () => {
    const [same] = await django.sql('select * from auth_user where id = 2');
    await app.sql('insert into users (id, username, password_hash, date_joined) select 2, ?, ?, ?::timestamptz', [
      same?.username,
      same?.password,
      '2026-11-23 13:21:33.838779+00',
    ]);
    expect(await importInto(app, django)).toMatchObject({ users: { new: 16, adopted: 1 }, problems: [] });
  });

  it('is no conflict when the names differ in case only', async () => {
    await addUser(500, 'jamesche');
    expect(await importInto(app, django)).toMatchObject({ users: { new: 17 }, problems: [] });
    expect(await app.sql('select canonical_username from users where id = 2')).toEqual([{ canonical_username: null }]);
  });
});

describe('rows that cannot be taken over, or not as they are', () => {
  it('are listed with the reason and never with a secret', async () => {
    const site = await createDjangoDatabase();
    await site.sql('alter table auth_user alter username type text, alter id type bigint, alter password type text');
    await site.sql(
      'alter table authtoken_token drop constraint authtoken_token_user_id_35299eff_fk_auth_user_id, alter user_id type bigint',
    );
    const insert = `insert into auth_user (id, password, username, email, is_superuser, first_name, last_name, is_staff, is_active, date_joined)
      values ($1, $2, $3, '', false, '', '', false, true, $4)`;
    const joined = '2026-01-01 00:00+00';
    await site.sql(insert, ['3000000000', '!', 'big-id', joined]);
    await site.sql(insert, [20, '!', 'x'.repeat(151), joined]);
    await site.sql(insert, [21, '!', '', joined]);
    await site.sql(insert, [22, 'crypt$$0123456789abc', 'old-hash', joined]);
    await site.sql(insert, [23, 'swordfish', 'plain-text', joined]);
    await site.sql(insert, [25, '!', 'for-ever', 'infinity']);
    await site.sql("insert into authtoken_token values ('of-big-id', now(), 3000000000)");
    await site.sql("insert into authtoken_token values ('orphan', now(), 900), ('a b', now(), 16)");
    await site.sql("update knox_authtoken set digest = 'abc' where user_id = 16");
    await site.sql("insert into authtoken_token values ('from-for-ever', '-infinity', 10)");
    await site.sql("update knox_authtoken set expiry = 'infinity' where user_id = 4");
    const { problems, users, formats } = await importInto(app, site);
    expect(Object.fromEntries(problems.map(({ table, userId, reason }) => [`${table} ${userId}`, reason]))).toEqual({
      'user 3000000000': 'the id is not between 1 and 2147483647',
      'user 20': 'the username has more than 150 characters',
      'user 21': 'the username is empty',
      'user 22': 'taken over, but cannot log in before a reset: the password hash (crypt) cannot be verified',
      'user 23': 'taken over, but cannot log in before a reset: the password hash (unknown) cannot be verified',
      'user 25': 'a date is not between the years 1 and 9999',
      'token 900': 'there is no such user',
      'token 16': 'the key is empty or has characters that no header carries',
      'token 10': 'a date is not between the years 1 and 9999',
      'knox 4': 'a date is not between the years 1 and 9999',
      'knox 16': 'the digest is not a SHA-512 in hex',
    });
    expect(users).toMatchObject({ read: 23, new: 19, 'bad-row': 4 });
    expect(formats).toMatchObject({ crypt: 1, unknown: 1 });
    expect(JSON.stringify(problems)).not.toMatch(/swordfish|0123456789/);
    await site.drop();
  });
});

describe('an old knox, which salted its digests', () => {
  it('has tokens that nobody can recognise: they are listed', async () => {
    const site = await createDjangoDatabase();
    await site.sql("alter table knox_authtoken add salt varchar(16) not null default 'abc', drop column token_key");
    await site.sql('alter table knox_authtoken rename expiry to expires');
    const { knoxTokens, problems } = await importInto(app, site);
    expect(knoxTokens).toEqual({ read: 4, 'bad-row': 4 });
    expect(problems[0]).toEqual({
      table: 'knox',
      userId: '4',
      username: 'argon',
      reason: 'the digest is salted, as old versions of knox have it',
      leftOut: true,
    });
    await site.drop();
  });
});

describe('a custom user model', () => {
  it('is read under the names that it is given', async () => {
    const site = await createDjangoDatabase();
    await site.sql('create schema accounts');
    await site.sql('alter table auth_user set schema accounts');
    await site.sql('alter table accounts.auth_user rename to "user"');
    await site.sql('alter table accounts."user" drop column first_name, drop column last_name, drop column is_superuser');
    await site.sql('alter table accounts."user" rename username to "Login Name"');
    await site.sql('alter table authtoken_token rename to api_token');
    await site.sql('alter table api_token rename user_id to owner');
    await site.sql('drop table knox_authtoken');
    const column = ['username=Login Name', 'first_name=', 'last_name=', 'is_superuser=', 'token.user_id=owner'];
    const names = readTableNames({ userTable: 'accounts.user', tokenTable: 'api_token', column });
    expect(await importInto(app, site, { names })).toMatchObject({
      users: { new: 17 },
      tokens: { new: 14 },
      knoxTokens: { read: 0 },
      problems: [],
    });
    expect(await app.sql('select username, is_staff, is_superuser from users where id = 1')).toEqual([
      { username: 'johndoe', is_staff: true, is_superuser: false },
    ]);
    await site.drop();
  });

  it.each([
    [{ userTable: 'nothing' }, 'There is no table nothing in the Django database'],
    [{ tokenTable: 'auth_user"; drop table users; --' }, 'There is no table auth_user"; drop table users; --'],
    [
      { column: ['email=mail'] },
      'auth_user has no column email. Say what it is called with --column email=<name>, or --column email= if there is none.',
    ],
    [{ column: ['id=username'] }, 'auth_user.username is of type character varying'],
    [
      { column: ['username=login', 'email=mail'] },
      'Say what it is called with --column username=<name>, or --column email= if there is none.', // it cannot do without a username
    ],
  ])('%o: %s', async (given, message) => {
    await expect(importInto(app, django, { names: readTableNames(given) })).rejects.toThrow(message);
  });

  it.each([
    [{ column: ['shoe_size=9'] }, 'The fields are: id, username'],
    [{ column: ['password='] }, 'there is no doing without password'],
    [{ userTable: '' }, '"" cannot name a table or column'],
  ])('%o: %s', (given, message) => {
    expect(() => readTableNames(given)).toThrow(message);
  });
});

describe('npm run manage import-django', () => {
  const runOn = (url: string, ...args: string[]) =>
    runManage(['import-django', ...args], { env: { DJANGO_DATABASE_URL: url }, beside: app });
  const run = (...args: string[]) => runOn(django.url, ...args);

  it('prints a summary, the rows that need a look, and ends with 1 when there are any', async () => {
    await addUser(1, 'somebody');
    const { code, stdout, stderr } = await run();
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'Users: 17 read, 16 added, 1 left out',
      'DRF tokens: 14 read, 13 added, 1 left out',
      'knox tokens: 4 read, 3 added, 1 expired, left behind',
      expect.stringMatching(/^Password formats: .*6 pbkdf2_sha256/),
      'Left out:',
      '  1 of users: another account has this id here: 1 johndoe',
      '',
    ]);
    expect(stderr).toContain('17/17 users');
  });

  it('counts notices by reason, names some of the users, and ends with 0 when everything is here', async () => {
    const site = await createDjangoDatabase();
    await site.sql("update auth_user set password = 'crypt$$x' where id > 5");
    await site.sql("update auth_user set password = 'plain', username = e'a\\nb' where id = 1");
    const { code, stdout } = await runOn(site.url);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(4)).toEqual([
      'Notices:',
      '  12 of users: taken over, but cannot log in before a reset: the password hash (crypt) cannot be verified: ' +
        '6 scrypt, 7 md5, 8 unusable, 9 inactive, 10 no.token, … (7 more; --json lists all)',
      '  1 of users: taken over, but cannot log in before a reset: the password hash (unknown) cannot be verified: 1 a\\nb',
      '',
    ]);
    const again = JSON.parse((await runOn(site.url, '--json')).stdout);
    expect(again.problems).toHaveLength(13);
    expect(again.problems[0]).toEqual({
      table: 'user',
      userId: '1',
      username: 'a\nb',
      reason: 'taken over, but cannot log in before a reset: the password hash (unknown) cannot be verified',
      leftOut: false,
    });
    await site.drop();
  });

  it('prints all of it as JSON, and ends with 0 when everything is here', async () => {
    const { code, stdout } = await run('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ users: { new: 17 }, problems: [] });
  });

  it('says in a sentence, and without the password in the URL, what is wrong with it', async () => {
    const cases = [
      ['mysql://u:hunter2@host/db', 'The Django database must be a URL like postgres://'],
      ['postgres://u:hunter2@127.0.0.1:1/db', 'The Django database: '],
    ];
    for (const [url, sentence] of cases) {
      const { code, stdout, stderr } = await runOn(url ?? '');
      expect(code).toBe(1);
      expect(stderr).toContain(sentence);
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });
});
