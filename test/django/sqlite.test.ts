import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTableNames } from '../../src/django/tables.ts';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { importInto } from '../support/database/django.ts';
import { createDjangoFile } from '../support/database/django-file.ts';

let app: TestApp;
let folder: string;
let path: string;
let django: DatabaseSync;
beforeEach(async () => {
  [app, folder] = await Promise.all([createTestApp(), mkdtemp(join(tmpdir(), 'graphql-token-auth-test-'))]);
  path = join(folder, 'db.sqlite3');
  django = createDjangoFile(path);
});
afterEach(async () => {
  django.close();
  await app.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runManage(['import-django', ...args], { beside: app });
const url = () => `sqlite:${path}`;

describe('a site on SQLite', () => {
  it('is taken over as one on PostgreSQL is, by a command, and its file is not touched', async () => {
    const before = readFileSync(path);
    const { code, stdout } = await run('--from', url(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      users: { read: 17, new: 17 },
      tokens: { read: 14, new: 14 },
      knoxTokens: { read: 4, expired: 1, new: 3 },
      formats: { pbkdf2_sha256: 6, unusable: 1 },
      problems: [],
    });
    expect(
      await app.sql('select username, is_staff, is_active, date_joined::text, last_login from users where id in (1, 9) order by id'),
    ).toEqual([
      { username: 'johndoe', is_staff: true, is_active: true, date_joined: '2026-11-23 13:21:33.543417+00', last_login: null },
      { username: 'inactive', is_staff: false, is_active: false, date_joined: '2026-11-23 13:21:35.6394+00', last_login: null },
    ]);
    expect(await app.sql('select expires_at::text from tokens where user_id = 16 and length(digest) = 128')).toEqual([
      { expires_at: '2036-11-20 13:21:37.817103+00' },
    ]);
    const { data } = await app.graphql('{ me { username } }', { token: '15effc6fd91c85946e9ac9275ae8c85532be8c50' });
    expect(data).toEqual({ me: { username: 'johndoe' } });
    expect(readFileSync(path)).toEqual(before);
  });

  it('is followed when it changes, in batches and since a date', async () => {
    await importInto(app, { url: url() }, { size: 5 });
    django.exec("update auth_user set email = 'new@example.com', last_login = '2027-01-02 00:00:00' where id = 4");
    django.exec("update auth_user set email = 'unseen@example.com' where id = 6");
    for (const since of ['2027-01-02', '2027-01-02T01:00+01:00', '2027-01-01T23:59'])
      expect(await importInto(app, { url: url() }, { since, dryRun: true })).toMatchObject({ users: { read: 1, changed: 1 } });
    expect(await importInto(app, { url: url() }, { since: '2027-01-02T00:00:01Z' })).toMatchObject({ users: { read: 0 } });
    expect(await importInto(app, { url: url() }, { size: 5 })).toMatchObject({ users: { changed: 2, unchanged: 15 }, problems: [] });
    expect(await app.sql('select email from users where id in (4, 6) order by id')).toEqual([
      { email: 'new@example.com' },
      { email: 'unseen@example.com' },
    ]);
  });

  it('is seen as it was when the import began, while Django goes on writing', async () => {
    django.exec('pragma journal_mode = wal');
    const write = () => django.exec("update auth_user set first_name = 'later'");
    const report = await importInto(app, { url: url() }, { size: 5 }, write);
    expect(report).toMatchObject({ users: { new: 17 } });
    expect(await app.sql("select id from users where first_name = 'later'")).toEqual([]);
    expect(django.prepare("select count(*) as count from auth_user where first_name = 'later'").get()).toEqual({ count: 17 });
  });

  it('may have what PostgreSQL could not store, which is listed', async () => {
    django.exec("update auth_user set email = 'a' || char(0) || 'b' where id = 1");
    django.exec("update auth_user set date_joined = 'yesterday' where id = 2");
    django.exec("update authtoken_token set created = '' where user_id = 3");
    django.exec("update knox_authtoken set expiry = 'never' where user_id = 16");
    const { problems } = await importInto(app, { url: url() });
    const date = 'a date is not between the years 1 and 9999';
    expect(Object.fromEntries(problems.map(({ table, userId, reason }) => [`${table} ${userId}`, reason]))).toEqual({
      'token 3': date,
      'knox 16': date,
      'user 1': 'a text has a NUL character',
      'user 2': date,
    });
    expect(await app.sql('select count(*)::int as count from users')).toEqual([{ count: 15 }]);
  });

  it('with UUIDs for ids is read through a table of numbers', async () => {
    django.exec(`create table people (id char(32) not null primary key, username, password, email, first_name, last_name, is_active bool,
                   is_staff bool, is_superuser bool, date_joined datetime, last_login datetime);
                 insert into people select printf('%032x', id), username, password, email, first_name, last_name, is_active, is_staff, is_superuser,
                                           date_joined, last_login from auth_user;
                 create table ids (id integer primary key, user_id char(32) not null unique);
                 insert into ids (user_id) select id from people order by date_joined;
                 create view numbered as select ids.id, username, password, email, first_name, last_name, is_active, is_staff, is_superuser,
                                                date_joined, last_login from people join ids on user_id = people.id`);
    await expect(importInto(app, { url: url() }, { names: readTableNames({ userTable: 'people' }) })).rejects.toThrow(
      'people.id is of type char(32)',
    );
    expect(await importInto(app, { url: url() }, { names: readTableNames({ userTable: 'numbered' }) })).toMatchObject({
      users: { new: 17 },
    });
  });
});

describe('what is no such file', () => {
  it.each([
    ['sqlite:/nothing/db.sqlite3', 'The Django database: unable to open database file.\n'],
    ['sqlite:package.json', 'The Django database: file is not a database.\n'],
    ['sqlite:', 'The Django database: sqlite: names no file.\n'],
  ])('%s is one sentence', async (from, sentence) => {
    expect(await run('--from', from)).toMatchObject({ code: 1, stderr: sentence });
  });

  it('a file without Django’s tables is another', async () => {
    django.exec('alter table auth_user rename to people');
    expect((await run('--from', url())).stderr).toBe('There is no table auth_user in the Django database. Say --user-table <name>.\n');
  });

  it.each(['sqlite:', 'sqlite:///', 'SQLITE:'])('%s before a path leads to it', async (scheme) => {
    expect(await run('--from', `${scheme}${path}`, '--dry-run')).toMatchObject({ code: 0 });
  });
});
