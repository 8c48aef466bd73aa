import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather, untilBusy } from '../faults/crowd.ts';
import { runSql } from '../faults/site.ts';
import { startServerProcess } from '../support/app/server-process.ts';
import { onServer } from '../support/database/postgres.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { atPort, createMigrated, type Fleet, startFleet } from './fleet.ts';
import { type PgBouncer, pgbouncerVersion, startPgBouncer } from './pgbouncer.ts';
import { expectAllTold, expectSharedBudget, expectSharedRevocation } from './sharing.ts';

const version = await pgbouncerVersion();
const [, minor = 0] = (version ?? '').split('.').map(Number);
// Before 1.21, PgBouncer knew nothing of prepared statements.
const modes = minor < 21 ? [''] : ['max_prepared_statements = 0', 'max_prepared_statements = 200'];

describe.skipIf(!version).each(modes)(`behind PgBouncer ${version} in transaction mode %s`, (mode) => {
  let postgres: BreakablePostgres;
  let pgbouncer: PgBouncer;
  let fleet: Fleet;
  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await createMigrated(postgres);
    pgbouncer = await startPgBouncer(postgres.port, [mode]);
    fleet = await startFleet({
      DATABASE_URL: atPort(url, pgbouncer.port),
      DATABASE_DIRECT_URL: url,
      THROTTLE: 'on',
      THROTTLE_LOGIN_ACCOUNT: '6/5m',
      THROTTLE_LOGIN_ADDRESS: '100000/5m',
      THROTTLE_REGISTER: '100000/5m',
    });
  });
  afterAll(async () => {
    await fleet.close();
    await pgbouncer.stop();
    await postgres.stop();
  });

  it('three nodes share the budgets of attempts', () => expectSharedBudget(fleet.nodes, 'nobody'));
  it('they refuse a token on the very next request after one of them has ended it', () => expectSharedRevocation(fleet.nodes, 'ann'));
  it('they all tell those who subscribed', () => expectAllTold(fleet.nodes, 'bob'));

  it('a crowd gets no wrong answer and misses nothing', async () => {
    const crowd = await gather({ url: fleet.site.url, clients: 30 });
    await untilBusy(crowd, 1000);
    await crowd.stop();
    const failures = crowd.answers.filter(({ outcome }) => outcome !== 'right');
    expect(failures.map(({ operation, outcome, detail }) => `${operation}: ${outcome} ${detail}`)).toEqual([]);
    expect(await crowd.audit()).toEqual([]);
    process.stdout.write(`  PgBouncer ${version} ${mode}: ${crowd.count('right')} answers, all right\n`);
  });

  it('several processes that start at once migrate past it', async () => {
    await runSql(postgres.url, 'create database fresh');
    const url = onServer(postgres.url, 'fresh');
    const env = { DATABASE_URL: atPort(url, pgbouncer.port), DATABASE_DIRECT_URL: url, AUTO_MIGRATE: 'true', LOG_LEVEL: 'error' };
    const servers = await Promise.all([1, 2].map(() => startServerProcess(env)));
    for (const { stop } of servers) expect(await stop()).toBe(0);
    const [row] = await runSql(url, 'select count(*)::int as n, count(distinct name)::int as names from migrations');
    expect(row?.n).toBeGreaterThan(3);
    expect(row?.names).toBe(row?.n);
  });
});
