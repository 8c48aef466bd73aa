import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record, seconds } from './report.ts';
import { exhaustPool } from './scenarios/exhaust.ts';
import { startSite } from './site.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('a lock takes all connections: a bounded number waits, the others are told to come back at once', async () => {
  const site = await startSite(postgres, { DATABASE_POOL_MAX: '2' });
  const { statuses, fastest, slowest, leftBehind, afterwards } = await exhaustPool({ site, requests: 400 });
  record({
    fault: 'a lock takes both connections of a pool, 400 logins',
    expected: 'all 503 within 10 s, those beyond the 100 who wait at once; no statement is left behind; all right afterwards',
    measured: `${JSON.stringify(statuses)}, a tenth within ${seconds(fastest)}, all within ${seconds(slowest)}; ${leftBehind} left behind; then ${JSON.stringify(afterwards)}`,
  });
  expect(statuses).toEqual({ 503: 400 });
  expect(fastest).toBeLessThan(2000);
  expect(slowest).toBeLessThan(10_500);
  expect(leftBehind).toBe(0);
  expect(afterwards).toEqual({ 200: 20 });
  expect(await site.stop()).toBe(0);
});
