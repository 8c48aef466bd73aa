import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

describe('check', () => {
  it('finds a sound installation so, without a password in what it says', async () => {
    const { code, stdout, stderr } = await runManage(['check'], { beside: app });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ database +.*PostgreSQL \d+\.\d+[^,]*, answers in \d+ ms, its clock says 20\d\d-\d\d-\d\dT[\d:.]+Z\.$/m);
    expect(stdout).toMatch(/^✓ migrations +All \d+ applied\.$/m);
    expect(stdout).not.toContain('password@');
    expect(stdout).not.toContain('✗');
  });

  it('finds pending migrations and those of a newer version', async () => {
    const [last] = await app.sql('delete from migrations where id = (select max(id) from migrations) returning name');
    const env = { AUTO_MIGRATE: 'false' };
    const { code, stdout } = await runManage(['check', '--json'], { beside: app, env });
    expect(code).toBe(1);
    const wrong = JSON.parse(stdout).findings.filter(({ status }: { status: string }) => status === 'error');
    expect(wrong).toEqual([
      { area: 'migrations', status: 'error', message: `Pending: ${last?.name}.`, advice: 'Run `npm run manage migrate`.' },
    ]);
    expect(await runManage(['check'], { beside: app, env: { AUTO_MIGRATE: 'true' } })).toMatchObject({ code: 0 });
    await app.sql("insert into migrations (name) values (?), ('Migration29991231235959_future')", [last?.name]);
    const newer = await runManage(['check'], { beside: app, env });
    expect(newer.code).toBe(0);
    expect(newer.stdout).toMatch(/^! migrations +A newer version has migrated the database: Migration29991231235959_future\.$/m);
  });
});

describe('prune', () => {
  let bob: { id: string; token: string };
  beforeAll(async () => {
    bob = await app.register('bob');
    await app.sql(
      `insert into tokens (digest, user_id, expires_at)
       select 'expired' || n, ?, now() - interval '25 hours' from generate_series(1, 2500) n`,
      [bob.id],
    );
    await app.sql("insert into tokens (digest, user_id, expires_at) values ('just expired', ?, now() - interval '23 hours')", [bob.id]);
    await app.sql(
      `insert into links (digest, purpose, user_id, email, account_state, expires_at)
       select 'link' || n, 'password-reset', ?, '', '', now() + make_interval(mins => n) from generate_series(-2, 1) n`,
      [bob.id],
    );
    await app.sql("insert into mails (user_id, kind, recipient) values (?, 'PASSWORD_CHANGED', '')", [bob.id]);
    await app.sql("insert into sign_in_places values (?, '192.0.2.1', now() - interval '30 days')", [bob.id]);
    await app.sql("insert into attempts (key, expire) values ('over', 1), ('counting', 1e13::bigint)");
  });

  it('deletes to the end what is past its time, and only that', async () => {
    const { code, stdout, stderr } = await runManage(['prune'], { beside: app });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Deleted 2500 expired tokens',
      'Deleted 0 records of ended tokens',
      'Deleted 0 events that could not be delivered',
      'Deleted 0 payloads that were published',
      'Deleted 3 expired links',
      'Deleted 1 records of mails sent',
      'Deleted 1 counts of attempts',
      'Deleted 1 places of sign-ins',
      '',
    ]);
    expect(await app.sql('select count(*)::int as count from tokens')).toEqual([{ count: 2 }]);
    expect(await app.sql("select count(*)::int as count from security_events where kind = 'TOKEN_EXPIRED'")).toEqual([{ count: 2500 }]);
    expect((await app.graphql('{ hello }', { token: bob.token })).data).toEqual({ hello: 'Hello, World!' });
    const again = await runManage(['prune', '--json'], { beside: app });
    expect(again).toEqual({
      code: 0,
      stdout: '{"deleted":{"tokens":0,"ends":0,"deliveries":0,"published":0,"links":0,"mails":0,"attempts":0,"places":0}}\n',
      stderr: '',
    });
  });
});
