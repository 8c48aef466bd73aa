import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createDjangoDatabase, type DjangoDatabase, exportFrom, importInto } from '../support/database/django.ts';

let app: TestApp;
let django: DjangoDatabase;
let fresh: DjangoDatabase;
beforeAll(async () => {
  [app, django, fresh] = await Promise.all([createTestApp(), createDjangoDatabase(), createDjangoDatabase({ empty: true })]);
  await importInto(app, django);
});
afterAll(async () => {
  await app.close();
  await django.drop();
  await fresh.drop();
});

const rows = ({ sql }: DjangoDatabase, statement: string) => sql(statement);
const USERS = 'select u::text from auth_user u order by id';
const KNOX = 'select k::text from knox_authtoken k where expiry > now() order by digest';

describe('there and back again', () => {
  it('--dry-run says what would happen and writes nothing', async () => {
    expect(await exportFrom(app, fresh, { dryRun: true })).toMatchObject({ users: { read: 17, new: 17 }, problems: [] });
    expect(await rows(fresh, USERS)).toEqual([]);
  });

  it('loses nothing of users, nor of live knox tokens', async () => {
    expect(await exportFrom(app, fresh)).toMatchObject({ users: { read: 17, new: 17 }, knoxTokensGiven: 3, problems: [] });
    expect(await rows(fresh, USERS)).toEqual(await rows(django, USERS));
    expect(await rows(fresh, KNOX)).toEqual(await rows(django, KNOX));
  });

  it('and a second time has nothing to do', async () => {
    expect((await exportFrom(app, fresh)).users).toEqual({ read: 17, unchanged: 17 });
    expect((await exportFrom(app, django)).users).toEqual({ read: 17, unchanged: 17 });
  });
});

describe('after a while here', () => {
  it('writes new users and changes back, ends in Django what was ended here, and lists conflicts', async () => {
    const { id } = await app.register('newcomer');
    await app.sql("update users set email = 'moved@example.com' where id = 1");
    const [token] = await django.sql('select key from authtoken_token where user_id = 2');
    await app.graphql('mutation { logout { status { code } } }', { token: String(token?.key) });
    await app.graphql('mutation { logout { status { code } } }', {
      token: '19a0dae6b77b10f317b1dbdf6b0d65021be86645b4c1481a50fb9b2a544473c2',
    });
    await app.sql('delete from users where id = 3');
    await django.sql("update auth_user set username = 'taken', date_joined = now() where id = 5");
    expect(await exportFrom(app, django)).toEqual({
      dryRun: false,
      users: { read: 17, new: 1, changed: 1, unchanged: 14, 'id-taken': 1 },
      knoxTokensGiven: 0,
      tokensEnded: 2,
      problems: [
        { table: 'user', userId: '5', username: 'rawbcrypt', reason: 'another account has this id in Django', leftOut: true },
        {
          table: 'user',
          userId: '3',
          username: 'sha1',
          reason: 'deleted here, and still in Django: delete them there',
          leftOut: false,
        },
      ],
    });
    expect(await django.sql('select username, password from auth_user where id = $1', [id])).toEqual([
      { username: 'newcomer', password: expect.stringMatching(/^bcrypt_sha256\$\$2b\$04\$/) },
    ]);
    expect(await django.sql('select email from auth_user where id = 1')).toEqual([{ email: 'moved@example.com' }]);
    expect(await django.sql('select username from auth_user where id = 5')).toEqual([{ username: 'taken' }]);
    expect(await django.sql('select * from authtoken_token where user_id = 2')).toEqual([]);
    expect(await django.sql('select count(*)::int as count from knox_authtoken where user_id = 4')).toEqual([{ count: 1 }]);
    expect(await django.sql("select nextval('auth_user_id_seq')::int as id")).toEqual([{ id: Number(id) + 1 }]);
  });

  it('all or nothing: a Django table that refuses a row keeps all as they were', async () => {
    await app.sql("update users set first_name = 'Changed'");
    await django.sql("alter table auth_user add constraint picky check (username <> 'case' or first_name = '')");
    await expect(exportFrom(app, django)).rejects.toThrow(
      'The Django database: new row for relation "auth_user" violates check constraint "picky"',
    );
    expect(await django.sql("select * from auth_user where first_name = 'Changed'")).toEqual([]);
  });
});
