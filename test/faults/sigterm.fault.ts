import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record, seconds } from './report.ts';
import { stopUnderLoad } from './scenarios/stop.ts';
import { startSite } from './site.ts';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it.each([
  { who: 'clients of a balancer', balanced: true, workers: '1' },
  { who: 'clients of a balancer', balanced: true, workers: '2' },
  { who: 'clients who go on until they are refused', balanced: false, workers: '1' },
])('SIGTERM under load, twice, with WORKERS=$workers: $who lose nothing', async ({ who, balanced, workers }) => {
  const site = await startSite(postgres, { SHUTDOWN_DELAY: '2s', WORKERS: workers, LOG_LEVEL: 'info' });
  const { code, announced, gone, right, failures, dropped, missing } = await stopUnderLoad({ site, clients: 50, balanced });
  const isTurnedAway = (failure: string) => /ECONNREFUSED|ECONNRESET|other side closed/.test(failure); // by the kernel, see `dropped`
  record({
    fault: `SIGTERM twice, 50 ${who}, WORKERS=${workers}, SHUTDOWN_DELAY=2s`,
    expected: '/readyz 503 at once; no request dropped; exit code 0 within 22 s; nothing acknowledged missing',
    measured:
      `/readyz 503 after ${seconds(announced)}; ${right} right, ${dropped} dropped` +
      `${balanced ? '' : `, ${failures.length} turned away before they were taken`}; exit code ${code} after ${seconds(gone)}; ${missing.length} missing`,
  });
  expect(dropped).toBe(0);
  expect(balanced ? failures : failures.filter((failure) => !isTurnedAway(failure))).toEqual([]);
  expect(missing).toEqual([]);
  expect(code).toBe(0);
  expect(announced).toBeLessThan(1000);
  expect(gone).toBeLessThan(22_000);
});
