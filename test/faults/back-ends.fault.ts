import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record } from './report.ts';
import { terminateUnderLoad } from './scenarios/terminate.ts';
import { startSite } from './site.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('all back ends are terminated: nobody notices, but whose COMMIT was under way', async () => {
  const site = await startSite(postgres);
  const { right, ended, failedReads, failedWrites, faults } = await terminateUnderLoad({ site, clients: 50, times: 20 });
  record({
    fault: 'all back ends terminated, 20 times, 50 clients',
    expected: 'no read fails; a write only when its COMMIT was under way',
    measured: `${ended} back ends ended; ${right} right, ${failedReads} reads and ${failedWrites} writes unavailable, ${faults.length} wrong or lost`,
  });
  expect(faults).toEqual([]);
  expect(failedReads).toBe(0);
  expect(failedWrites).toBeLessThanOrEqual(ended / 10);
  expect(await site.stop()).toBe(0);
});
