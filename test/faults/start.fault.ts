import { afterAll, beforeAll, expect, it } from 'vitest';
import { failToStart } from '../support/app/server-process.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record, seconds } from './report.ts';
import { startLate } from './scenarios/late.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('PostgreSQL comes up after the server: it is ready by itself', async () => {
  const delay = await startLate({ postgres, tries: 6 });
  record({
    fault: 'PostgreSQL up after 6 tries of the server',
    expected: 'a line in the log for each; ready by itself within 3 s',
    measured: `ready after ${seconds(delay)}`,
  });
  expect(delay).toBeLessThan(3000);
});

it('PostgreSQL does not come up: the server gives up in time and says why', async () => {
  const started = performance.now();
  const { code, stderr } = await failToStart({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none', DATABASE_WAIT: '3s' });
  const took = performance.now() - started;
  record({
    fault: 'no PostgreSQL, DATABASE_WAIT=3s',
    expected: 'exit code 1 and one sentence',
    measured: `exit code ${code} after ${seconds(took)}`,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The database cannot be used: connect ECONNREFUSED .*\n$/);
});
