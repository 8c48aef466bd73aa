import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { readTableNames } from '../../src/django/tables.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { createDjangoDatabase, importInto } from '../support/database/django.ts';
import { recordedRows } from '../support/database/django-file.ts';
import { missingPrograms, runProgram, startMariaDb } from '../support/database/mariadb.ts';
import { createDatabase, dropDatabase, onServer } from '../support/database/postgres.ts';
import { markedBlocks } from '../support/documents/snippets.ts';

let on: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  on = await createTestDatabase();
  app = await createTestApp({ on });
});
afterEach(() => app.sql('truncate users, django_users cascade'));
afterAll(async () => {
  await app.close();
  await on.drop();
});

const blocks = markedBlocks('docs/from-django.md');
const block = (name: string) => blocks.find((each) => each.name === name)?.code ?? expect.unreachable(`no block ${name}`);

// As Django makes them, but for the names of keys; "case" is "Case" to MySQL, which could not have both.
const mysqlTables = `
  create database django character set utf8mb4; use django;
  create table auth_user (id integer auto_increment not null primary key, password varchar(128) not null, last_login datetime(6) null,
    is_superuser bool not null, username varchar(150) not null unique, first_name varchar(150) not null, last_name varchar(150) not null,
    email varchar(254) not null, is_staff bool not null, is_active bool not null, date_joined datetime(6) not null);
  create table authtoken_token (\`key\` varchar(40) not null primary key, created datetime(6) not null,
    user_id integer not null unique, foreign key (user_id) references auth_user (id));
  create table knox_authtoken (digest varchar(128) not null primary key, created datetime(6) not null, user_id integer not null,
    expiry datetime(6) null, token_key varchar(25) not null, foreign key (user_id) references auth_user (id));
  create user takeover@localhost identified by 'password'; grant select on django.* to takeover@localhost;
  ${recordedRows().replace("'case'", "'lower'")}`;

const missing = missingPrograms('mariadbd', 'mariadb-install-db', 'mariadb', 'pgloader');
const notRun = missing.length > 0 ? ` [NOT RUN: ${missing.join(', ')} not installed]` : '';

describe(`the recipe for MySQL${notRun}`, () => {
  it.skipIf(notRun)('copies a site of MariaDB with pgloader, from which it is imported, twice', { timeout: 170_000 }, async () => {
    const server = inject('postgresServer') ?? expect.unreachable();
    const [mariaDb, name, folder] = await Promise.all([startMariaDb(), createDatabase(server), mkdtemp(join(tmpdir(), 'pgloader-'))]);
    const url = onServer(server, name);
    const file = join(folder, 'django.load');
    await mariaDb.run(mysqlTables);
    const recipe = block('django.load').replace('127.0.0.1:3306', `127.0.0.1:${mariaDb.port}`);
    await writeFile(file, recipe.replace(/(?<=into )postgresql:\S+/, url.replace('postgres:', 'postgresql:')));
    await runProgram('pgloader', [file]);
    const report = await importInto(app, { url });
    expect(report).toMatchObject({ users: { new: 17 }, tokens: { new: 14 }, knoxTokens: { new: 3, expired: 1 }, problems: [] });
    expect(await app.sql('select username, first_name, is_active, date_joined::text from users where id in (9, 11) order by id')).toEqual([
      { username: 'inactive', first_name: '', is_active: false, date_joined: '2026-11-23 13:21:35.6394+00' },
      { username: 'josé', first_name: 'José', is_active: true, date_joined: '2026-11-23 13:21:36.296598+00' },
    ]);
    await mariaDb.run("update django.auth_user set email = 'new@example.com' where id = 1");
    await runProgram('pgloader', [file]);
    expect(await importInto(app, { url })).toMatchObject({ users: { changed: 1, unchanged: 16 }, tokens: { unchanged: 14 }, problems: [] });
    await mariaDb.stop();
    await dropDatabase(server, name);
    await rm(folder, { recursive: true });
  });
});

describe('the recipe for UUIDs', () => {
  it('gives every user a number, which stays', async () => {
    const site = await createDjangoDatabase();
    await site.sql(`alter table authtoken_token drop constraint authtoken_token_user_id_35299eff_fk_auth_user_id;
      alter table auth_user alter id drop identity; drop table knox_authtoken;
      alter table auth_user alter id type uuid using lpad(to_hex(id), 32, '0')::uuid;
      alter table authtoken_token alter user_id type uuid using lpad(to_hex(user_id), 32, '0')::uuid`);
    await expect(importInto(app, site)).rejects.toThrow('auth_user.id is of type uuid; only whole numbers');
    await site.sql(block('uuid.sql'));
    const names = readTableNames({ userTable: 'takeover.users', tokenTable: 'takeover.tokens' });
    expect(await importInto(app, site, { names })).toMatchObject({ users: { new: 17 }, tokens: { new: 14 }, problems: [] });
    await site.sql(
      "insert into auth_user select gen_random_uuid(), '!', null, false, 'late', '', '', '', false, true, '2020-01-01 00:00+00'",
    );
    await site.sql(block('uuid-again.sql'));
    expect(await importInto(app, site, { names })).toMatchObject({ users: { new: 1, unchanged: 17 }, tokens: { unchanged: 14 } });
    const { data } = await app.graphql('{ me { username } }', { token: '15effc6fd91c85946e9ac9275ae8c85532be8c50' });
    expect(data).toEqual({ me: { username: 'johndoe' } });
    await site.drop();
  });
});
