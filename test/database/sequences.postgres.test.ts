import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { createDjangoDatabase, type DjangoDatabase, importInto } from '../support/database/django.ts';

let app: TestApp;
let django: DjangoDatabase;
beforeEach(async () => {
  [app, django] = await Promise.all([createTestApp(), createDjangoDatabase({ empty: true })]);
});
afterEach(async () => {
  await app.close();
  await django.drop();
});

const addInDjango = (id: number) =>
  django.sql(
    `insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
     values ($1, '!', false, $2, '', '', '', false, true, now())`,
    [id, `user-${id}`],
  );

const register = (username: string) =>
  app.graphql(
    `mutation { register(input: { username: "${username}", password: "${GOOD_PASSWORD}" }) { status { code } errors { code } token } }`,
  );

describe('after an import', () => {
  it.each([1, 2, 41])('of a site whose highest id is %i the next account gets the one behind it', async (highest) => {
    await addInDjango(highest);
    await importInto(app, django);
    expect((await app.register('ann')).id).toBe(String(highest + 1));
  });

  it('an id near the end of the column is told', async () => {
    await addInDjango(2_147_483_000);
    const { problems } = await importInto(app, django);
    expect(problems).toMatchObject([{ userId: '2147483000', reason: expect.stringContaining('647 are left') }]);
    const { code, stdout } = await runManage(['check'], { beside: app });
    expect(code).toBe(0);
    expect(stdout).toMatch(/! database .*99 % of the numbers of users_id_seq are used/);
  });
});

describe('a sequence that is behind', () => {
  beforeEach(async () => {
    await app.sql("insert into users (id, username, password_hash) select n, 'old-' || n, '!' from generate_series(1, 50) n");
  });

  it('tells nobody that their username is taken: it is a 500 with a line in the log', async () => {
    const { errors } = await register('ann');
    expect(errors[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(app.alarms().join()).toContain('users_id_seq is behind');
    expect((await register('old-1')).data.register.errors).toEqual([{ code: 'UNIQUE' }]);
  });

  it('is found by check, whose advice mends it', async () => {
    const { code, stdout } = await runManage(['check'], { beside: app });
    expect(code).toBe(1);
    await app.sql(/Run: (select setval.*)/.exec(stdout)?.[1] ?? '');
    expect((await register('ann')).data.register.token).toMatch(/^[0-9a-f]{40}$/);
    expect((await runManage(['check'], { beside: app })).stdout).toContain('✓ database       The next ids are free.');
  });
});
