import { Migrator } from '@mikro-orm/migrations';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';

const MIGRATION = 'Migration20261128120100_sign_in_places';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

it('the upgrade that begins to remember places knows those of the last 30 days from the security events', async () => {
  const { id } = await app.register('ann');
  const events: [string, string | null, number][] = [
    ['LOGGED_IN', '198.51.100.7', 29],
    ['LOGGED_IN', '198.51.100.7', 3],
    ['LOGGED_IN', '2001:db8:0:1:a::b', 1],
    ['LOGGED_IN', '2001:db8::1', 2],
    ['LOGGED_IN', '198.51.100.8', 31],
    ['LOGIN_FAILED', '198.51.100.9', 1],
    ['LOGGED_IN', null, 1],
    ['LOGGED_IN', 'fe80::1%eth0', 1],
  ];
  for (const [kind, address, days] of events) {
    await app.sql(
      'insert into security_events (user_id, kind, ip_address, happened_at) values (?, ?, ?, now() - make_interval(days => ?))',
      [id, kind, address, days],
    );
  }
  const migrator = new Migrator(app.database.orm.em);
  await migrator.down({ migrations: [MIGRATION] });
  await migrator.up({ migrations: [MIGRATION] });
  const places = await app.sql('select block::text as block, (now()::date - last_at::date) as days from sign_in_places p order by p.block');
  expect(places).toEqual([
    { block: '127.0.0.1/32', days: 0 },
    { block: '198.51.100.7/32', days: 3 },
    { block: '2001:db8::/64', days: 2 },
    { block: '2001:db8:0:1::/64', days: 1 },
  ]);
});
