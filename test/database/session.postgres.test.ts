import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { features } from '../../src/features.ts';
import { runSql } from '../faults/site.ts';
import { runManage } from '../support/app/manage.ts';
import { failToStart } from '../support/app/server-process.ts';
import type { TestApp } from '../support/app/test-app.ts';
import { withApp } from '../support/app/with-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { dropDatabase, onServer } from '../support/database/postgres.ts';

const server = inject('postgresServer') ?? '';
const LOGIN = `mutation { login(input: { username: "ann", password: "${GOOD_PASSWORD}" }) { token user { dateJoined lastLogin } } }`;
const range = (length: number) => Array.from({ length }, (_, n) => n);

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const nameOf = ({ env }: TestDatabase): string => new URL(env.DATABASE_URL ?? '').pathname.slice(1);

const odd: [setting: string, value: string][] = [
  ['datestyle', 'SQL, DMY'],
  ['intervalstyle', 'iso_8601'],
  ['timezone', 'Asia/Kathmandu'],
  ['client_encoding', 'LATIN1'],
  ['standard_conforming_strings', 'off'],
  ['array_nulls', 'off'],
  ['extra_float_digits', '-15'],
  ['lock_timeout', '1ms'],
  ['default_transaction_isolation', 'repeatable read'],
  ['default_transaction_isolation', 'serializable'],
];

describe.each(odd)('a database whose %s is %s', (setting, value) => {
  it('serves simultaneous registrations and logins like any other', async () => {
    await runSql(server, `alter database ${nameOf(database)} set ${setting} = '${value}'`);
    await withApp(database, async (app) => {
      const { id } = await app.register('ann', { email: 'ann@example.com' });
      const logins = await Promise.all(range(20).map(() => app.graphql(LOGIN)));
      expect(logins.filter(({ data }) => !data?.login?.token).map(({ text }) => text)).toEqual([]);
      for (const { data } of logins) {
        expect(Date.now() - Date.parse(data.login.user.dateJoined)).toBeLessThan(600_000);
        expect(Date.parse(data.login.user.dateJoined)).toBeLessThanOrEqual(Date.parse(data.login.user.lastLogin));
      }
      await Promise.all(range(10).map((n) => app.register(`person-${n}`)));
      await app.sql('update users set is_staff = true where id = ?', [id]);
      const { data, errors } = await app.graphql('{ users(first: 5, orderBy: DATE_JOINED_DESC) { edges { node { dateJoined } } } }', {
        token: logins[0]?.data.login.token,
      });
      expect(errors).toEqual([]);
      expect(data.users.edges).toHaveLength(5);
      expect(app.alarms()).toEqual([]);
    });
  });
});

/** Lets the first statements that add to a table lose a race. */
async function letLose({ sql }: TestApp, code: string, times: number): Promise<void> {
  await sql('create sequence races');
  await sql(`create function lose() returns trigger language plpgsql as $$
    begin if nextval('races') <= ${times} then raise exception 'lost' using errcode = '${code}'; end if; return new; end $$`);
  await sql('create trigger lose before insert on tokens for each row execute function lose()');
}

describe.each(['40001', '40P01'])('a race that PostgreSQL ends with %s', (code) => {
  it('is run again, and the client hears nothing of it', async () => {
    await withApp(database, async (app) => {
      await app.register('ann');
      await letLose(app, code, 2);
      const { data } = await app.graphql(LOGIN);
      expect(data.login.token).toMatch(/^[0-9a-f]{40}$/);
      expect(await app.sql("select count(*)::int as events from security_events where kind = 'LOGGED_IN'")).toEqual([{ events: 1 }]);
    });
  });

  it('that is lost again and again is a 503, for the client to try later', async () => {
    await withApp(database, async (app) => {
      await app.register('ann');
      await letLose(app, code, 1000);
      const { status, errors } = await app.graphql(LOGIN);
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    });
  });

  it('is run again outside a transaction as well', async () => {
    const opened = await openDatabase({ features, databaseUrl: database.env.DATABASE_URL, databasePoolMax: 1, dataDir: '' });
    const em = opened.orm.em.fork();
    await em.execute('create sequence races');
    await em.execute(`create function lose() returns int language plpgsql as $$
      begin if nextval('races') = 1 then raise exception 'lost' using errcode = '${code}'; end if; return 7; end $$`);
    expect(await em.execute('select lose() as won')).toEqual([{ won: 7 }]);
    await opened.close();
  });
});

const encodings = ['LATIN1', 'SQL_ASCII'];

describe.each(encodings)('a database in %s', (encoding) => {
  const name = `odd_${encoding.toLowerCase()}_${process.pid}`;
  const url = onServer(server, name);
  beforeEach(() => runSql(server, `create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' template template0`));
  afterEach(() => dropDatabase(server, name));

  it('is refused at the start, by migrate and by check, with what to do', async () => {
    const { code, stderr } = await failToStart({ DATABASE_URL: url, AUTO_MIGRATE: 'true' });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^The database ${name} is encoded in ${encoding}.*encoding 'UTF8' template template0\n$`));
    expect(await runManage(['migrate'], { env: { DATABASE_URL: url } })).toMatchObject({ code: 1, stderr });
    const check = await runManage(['check'], { env: { DATABASE_URL: url } });
    expect(check.code).toBe(1);
    expect(check.stdout).toContain(stderr.trim());
  });
});

describe('a database with the locale C', () => {
  it('knows the lower case of every letter', async () => {
    const name = `ctype_c_${process.pid}`;
    await runSql(server, `create database ${name} encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0`);
    const env = { DATABASE_URL: onServer(server, name), DATA_DIR: database.env.DATA_DIR };
    const opened = await openDatabase({ features, databaseUrl: env.DATABASE_URL, databasePoolMax: 1, dataDir: '' });
    await migrate(opened.orm).finally(opened.close);
    await withApp({ env, isEmbedded: false, drop: async () => {} }, async (app) => {
      const { id, token } = await app.register('MÜLLER', { email: 'MÜLLER@example.com' });
      await app.sql('update users set is_staff = true where id = ?', [id]);
      const { data } = await app.graphql('{ users(search: "mülle") { edges { node { username } } } }', { token });
      expect(data.users.edges).toEqual([{ node: { username: 'MÜLLER' } }]);
    });
    await dropDatabase(server, name);
  });
});
