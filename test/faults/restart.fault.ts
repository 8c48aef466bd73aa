import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record, seconds } from './report.ts';
import { throughFault } from './scenarios/under-load.ts';
import { startSite } from './site.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it.each([
  { how: 'restarted fast', signal: 'SIGINT', within: 2000 },
  { how: 'restarted at once', signal: 'SIGQUIT', within: 5000 },
  { how: 'killed', signal: 'SIGKILL', within: 5000 },
] as const)('PostgreSQL is $how under load: nothing wrong, nothing lost, and soon all is well', async ({ how, signal, within }) => {
  const site = await startSite(postgres);
  const fault = async () => {
    await postgres.kill(signal);
    await setTimeout(2000);
    await postgres.start();
  };
  const { right, unavailable, recovery, faults } = await throughFault({ site, clients: 50, fault, afterwards: 6000 });
  const measured = `${right} right, ${unavailable} unavailable, ${faults.length} wrong or lost; all right after ${seconds(recovery)}`;
  record({ fault: `PostgreSQL ${how}, 50 clients`, expected: `none wrong or lost; all right within ${seconds(within)}`, measured });
  expect(faults).toEqual([]);
  expect(unavailable).toBeGreaterThan(0);
  expect(recovery).toBeLessThan(within);
  expect(await site.stop()).toBe(0);
});
