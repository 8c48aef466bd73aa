import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record, seconds } from './report.ts';
import { freezeUnderLoad } from './scenarios/freeze.ts';
import { startSite } from './site.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('PostgreSQL is frozen for 30 s: every request ends in time, probes tell the truth, memory stays flat', async () => {
  const site = await startSite(postgres);
  const { longest, readyz, misled, memory, recovery, faults, unavailable } = await freezeUnderLoad({
    postgres,
    site,
    clients: 100,
    seconds: 30,
    afterwards: 4000,
  });
  const { before, most, after } = memory;
  record({
    fault: 'PostgreSQL frozen for 30 s, 100 clients',
    expected: 'requests end within 10 s; /readyz 503 within 5 s, /livez 200; memory flat; all right within 2 s',
    measured:
      `${unavailable} unavailable, the longest request ${seconds(longest)}; /readyz 503 within ${seconds(readyz)}, ${misled.length} probes misled; ` +
      `${before} MB before, ${most} at most, ${after} after; ${faults.length} wrong or lost; all right after ${seconds(recovery)}`,
  });
  expect(faults).toEqual([]);
  expect(misled).toEqual([]);
  expect(longest).toBeLessThan(10_500);
  expect(readyz).toBeLessThan(5000);
  expect(most).toBeLessThan(before + 100);
  expect(recovery).toBeLessThan(2000);
  expect(await site.stop()).toBe(0);
});
