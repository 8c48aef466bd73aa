import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFills } from '../../src/django/fills.ts';
import { readTableNames } from '../../src/django/tables.ts';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { createDjangoDatabase, type DjangoDatabase, exportFrom, importInto } from '../support/database/django.ts';

let on: TestDatabase;
let app: TestApp;
let django: DjangoDatabase;
beforeAll(async () => {
  on = await createTestDatabase();
  app = await createTestApp({ on });
});
beforeEach(async () => {
  django = await createDjangoDatabase();
});
afterEach(async () => {
  await app.sql('truncate users, django_users cascade');
  await django.drop();
});
afterAll(async () => {
  await app.close();
  await on.drop();
});

const changeEmail = (id: number, email: string) => app.sql('update users set email = ? where id = ?', [email, id]);

describe('a user model that logs in by address', () => {
  const names = readTableNames({ column: ['username=email', 'first_name=', 'last_name='] });
  beforeEach(async () => {
    await django.sql("update auth_user set email = username || '@example.com'");
    await django.sql('alter table auth_user add unique (email), drop column username, drop column first_name, drop column last_name');
    await importInto(app, django, { names });
  });

  it('has changed rows updated and new ones added, its one column written once', async () => {
    const { id } = await app.register('new@example.com');
    await app.sql("update users set email = username, password_hash = '!changed' where id in (3, ?)", [id]);
    const report = await exportFrom(app, django, { names });
    expect(report).toMatchObject({ users: { read: 18, new: 1, changed: 1, unchanged: 16 }, problems: [] });
    expect(await django.sql('select id, email, password from auth_user where password = $1 order by id', ['!changed'])).toEqual([
      { id: 3, email: 'sha1@example.com', password: '!changed' },
      { id: Number(id), email: 'new@example.com', password: '!changed' },
    ]);
    expect((await exportFrom(app, django, { names })).users).toEqual({ read: 18, unchanged: 18 });
  });

  it('keeps its login name when the address was changed here, which is listed', async () => {
    await changeEmail(3, 'moved@example.com');
    expect((await exportFrom(app, django, { names })).problems).toEqual([
      {
        table: 'user',
        userId: '3',
        username: 'sha1@example.com',
        reason: 'email differs from username, and Django has one column for both: username was written',
        leftOut: true,
      },
    ]);
    expect(await django.sql('select email from auth_user where id = 3')).toEqual([{ email: 'sha1@example.com' }]);
  });
});

it('flags that share a column are never set for those who lack one of them here', async () => {
  await django.sql('alter table auth_user rename is_staff to is_admin');
  await django.sql('alter table auth_user drop column is_superuser');
  const names = readTableNames({ column: ['is_staff=is_admin', 'is_superuser=is_admin'] });
  await importInto(app, django, { names });
  await app.sql('update users set is_staff = true where id = 2');
  expect((await exportFrom(app, django, { names })).problems).toMatchObject([{ userId: '2', reason: expect.stringContaining('neither') }]);
  expect(await django.sql('select id from auth_user where is_admin')).toEqual([{ id: 1 }]);
});

describe('columns that must not be empty', () => {
  beforeEach(async () => {
    await importInto(app, django);
    await django.sql('create table tenant (id int primary key)');
    await django.sql('insert into tenant values (7)');
    await django.sql(`alter table auth_user
      add "Phone" varchar(20) not null default 'old', add public_id uuid not null unique default gen_random_uuid(),
      add tenant_id int not null default 7 references tenant deferrable initially deferred, add updated timestamptz not null default now()`);
    await django.sql(`alter table auth_user alter "Phone" drop default, alter public_id drop default,
      alter tenant_id drop default, alter updated drop default`);
  });

  it.each([true, false])('are no matter to users who are there already (dry run: %s)', async (dryRun) => {
    await changeEmail(1, 'moved@example.com');
    expect((await exportFrom(app, django, { dryRun })).users).toEqual({ read: 17, changed: 1, unchanged: 16 });
    const email = dryRun ? 'john@example.com' : 'moved@example.com';
    expect(await django.sql('select email, "Phone" from auth_user where id = 1')).toEqual([{ email, Phone: 'old' }]);
  });

  it.each([true, false])('are named with what may stand there, before a user is added (dry run: %s)', async (dryRun) => {
    await app.register('newcomer');
    await expect(exportFrom(app, django, { dryRun })).rejects.toThrow(
      'auth_user has columns that must not be empty and that nothing here fills: Phone (character varying), public_id (uuid), ' +
        'tenant_id (integer), updated (timestamp with time zone). Say what new rows get there, like ' +
        '--fill Phone= --fill public_id=random --fill tenant_id=<id> --fill updated=now',
    );
  });

  it('get what --fill says', async () => {
    await Promise.all([app.register('newcomer'), app.register('another')]);
    const fills = readFills(['Phone=', 'public_id=random', 'tenant_id=7', 'updated=now']);
    expect((await exportFrom(app, django, { fills })).users).toEqual({ read: 19, new: 2, unchanged: 17 });
    expect(await django.sql('select "Phone", tenant_id, updated <= now() as past from auth_user where id > 17')).toEqual(
      Array(2).fill({ Phone: '', tenant_id: 7, past: true }),
    );
  });

  it.each([true, false])('get nothing that Django refuses, which is said with the user (dry run: %s)', async (dryRun) => {
    await app.register('newcomer');
    const fills = readFills(['Phone=', 'public_id=random', 'tenant_id=8', 'updated=now']);
    await expect(exportFrom(app, django, { dryRun, fills })).rejects.toThrow(/foreign key constraint .* \(user \d+, newcomer\)/);
  });

  it.each([
    ['shoe_size=9', 'auth_user has no such column'],
    ['email=x', 'that column is written already'],
    ['knox.prefix', 'is not like phone= or knox.prefix=x'],
  ])('are not filled by --fill %s', async (fill, message) => {
    await expect(async () => exportFrom(app, django, { fills: readFills([fill]) })).rejects.toThrow(message);
  });
});

it('a last login that must not be empty, as in old sites, is the day of joining; an address that may be empty is', async () => {
  await django.sql('update auth_user set last_login = date_joined');
  await django.sql('alter table auth_user alter last_login set not null, alter email drop not null');
  await django.sql("update auth_user set email = null where email = ''");
  await django.sql('create unique index on auth_user (email)');
  await importInto(app, django);
  await Promise.all([app.register('newcomer'), app.register('another')]);
  await app.sql("update users set last_login = null, first_name = 'New' where username in ('newcomer', 'another', 'md5')");
  expect((await exportFrom(app, django)).users).toEqual({ read: 19, new: 2, changed: 1, unchanged: 16 });
  expect((await exportFrom(app, django)).users).toEqual({ read: 19, unchanged: 19 });
  expect(await django.sql("select distinct email, last_login = date_joined as same from auth_user where first_name = 'New'")).toEqual([
    { email: null, same: true },
  ]);
});

it('users who were deleted in Django are listed and not brought back, nor are their tokens; an empty site gets them', async () => {
  await importInto(app, django);
  await django.sql('delete from knox_authtoken where user_id = 16');
  await django.sql('delete from authtoken_token where user_id = 16');
  await django.sql('delete from auth_user where id = 16');
  const report = await exportFrom(app, django);
  expect(report).toMatchObject({
    users: { read: 17, unchanged: 16, 'deleted-there': 1 },
    knoxTokensGiven: 0,
    problems: [{ userId: '16', username: 'knoxonly', reason: expect.stringContaining('deleted in Django'), leftOut: false }],
  });
  expect(await django.sql('select * from auth_user where id = 16')).toEqual([]);
  await django.sql('truncate auth_user, authtoken_token, knox_authtoken');
  expect((await exportFrom(app, django)).users).toEqual({ read: 17, new: 17 });
});

it('a dry run counts tokens too, and undoes all of it', async () => {
  await importInto(app, django);
  await app.register('newcomer');
  const [token] = await django.sql('select key from authtoken_token where user_id = 2');
  await app.graphql('mutation { logout { status { code } } }', { token: String(token?.key) });
  await django.sql('delete from knox_authtoken where user_id = 16');
  const state = () =>
    django.sql(`select (select array_agg(u::text) from auth_user u) as users, (select array_agg(k::text) from knox_authtoken k) as knox,
                       (select array_agg(t::text) from authtoken_token t) as tokens, (select last_value from auth_user_id_seq) as id`);
  const before = await state();
  const dry = await exportFrom(app, django, { dryRun: true });
  expect(dry).toMatchObject({ users: { new: 1, unchanged: 17 }, tokensEnded: 2 }); // one of them had expired
  expect(dry.knoxTokensGiven).toBeGreaterThan(0);
  expect(await state()).toEqual(before);
  expect(await exportFrom(app, django)).toEqual({ ...dry, dryRun: false });
});

describe('an account that may only read', () => {
  const account = `takeover_${process.pid}`;
  const run = (url: string) => runManage(['export-django', '--dry-run'], { beside: app, env: { DJANGO_DATABASE_URL: url } });

  it('hears before the start what its owner can grant, and with that it works', async () => {
    await importInto(app, django);
    await app.register('newcomer');
    await django.sql(`create role ${account} login password 'p'`);
    await django.sql(`grant select on auth_user to ${account}`);
    const url = Object.assign(new URL(django.url), { username: account, password: 'p' }).href;
    const { code, stderr } = await run(url);
    expect(code).toBe(1);
    const grants = stderr.split('\n').filter((line) => line.startsWith('  grant '));
    expect(grants).toEqual([
      `  grant insert, update on "auth_user" to "${account}";`,
      `  grant select, delete on "authtoken_token" to "${account}";`,
      `  grant select, insert, delete on "knox_authtoken" to "${account}";`,
      `  grant usage, update on sequence public.auth_user_id_seq to "${account}";`,
    ]);
    await django.sql(grants.join('\n'));
    expect(await run(url)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 added') });
    await django.sql(`drop owned by ${account}`);
    await django.sql(`drop role ${account}`);
  });
});

it('SQLite is refused with a sentence', async () => {
  const { code, stderr } = await runManage(['export-django', '--to', 'sqlite:db.sqlite3'], { beside: app });
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'SQLite can be read, not written: export to a Django database in PostgreSQL.\n' });
});
