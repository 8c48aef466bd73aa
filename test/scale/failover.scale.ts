import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { throughFault } from '../faults/scenarios/under-load.ts';
import { runSql } from '../faults/site.ts';
import { runManage } from '../support/app/manage.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { type Standby, startStandby } from '../support/database/standby.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { atPort, createMigrated, type Fleet, startFleet } from './fleet.ts';
import { type PgBouncer, pgbouncerVersion, startPgBouncer } from './pgbouncer.ts';
import { expectAllTold } from './sharing.ts';

const version = await pgbouncerVersion();
const ways = [
  { name: 'three nodes', isPooled: false, isSkipped: false },
  { name: `three nodes behind PgBouncer ${version}`, isPooled: true, isSkipped: !version },
];

for (const { name, isPooled, isSkipped } of ways) {
  describe.skipIf(isSkipped)(name, () => {
    let primary: BreakablePostgres;
    let standby: Standby;
    /** Where the primary is found, whichever it is: a virtual address, or a proxy. */
    let address: TcpProxy;
    let pgbouncer: PgBouncer | undefined;
    let fleet: Fleet;
    beforeAll(async () => {
      primary = await startPostgres();
      const url = await createMigrated(primary);
      standby = await startStandby(primary);
      address = await startTcpProxy(primary.port);
      pgbouncer = isPooled ? await startPgBouncer(address.port) : undefined;
      fleet = await startFleet({
        DATABASE_URL: atPort(url, pgbouncer?.port ?? address.port),
        DATABASE_DIRECT_URL: atPort(url, address.port),
        DATABASE_READ_URLS: atPort(url, standby.port),
      });
    });
    afterAll(async () => {
      await fleet.close();
      await pgbouncer?.stop();
      await address.cut();
      await standby.stop();
      await primary.stop();
    });

    it('read lists from a streaming standby', async () => {
      const [node] = fleet.nodes;
      const { token = '' } = (await node?.register('chief')) ?? {};
      await fleet.site.sql("update users set is_staff = true where username = 'chief'");
      const listed = async () => (await node?.graphql('{ users { edges { node { isStaff } } } }', { token }))?.data?.users;
      await until(async () => (await listed())?.edges[0]?.node.isStaff === true);
      const [row] = await runSql(
        standby.url,
        "select pg_is_in_recovery() as recovery, count(*)::int as n from pg_stat_activity where datname = 'app'",
      );
      expect(row?.recovery).toBe(true);
      expect(row?.n).toBeGreaterThan(0);
      const { code, stdout } = await runManage(['check'], { env: fleet.env });
      expect(stdout).toMatch(/✓ database +The replica at 127\.0\.0\.1:\d+\/app answers; what it replayed last was written \d+\.\d s ago\./);
      expect(code).toBe(0);
    });

    it('go on when the primary is killed under load and the standby promoted: nothing wrong, nothing lost, everybody told', async () => {
      const fault = async () => {
        await primary.kill('SIGKILL');
        await standby.promote();
        address.leadTo(standby.port);
      };
      await expectAllTold(fleet.nodes, 'bob', async () => {
        const { right, unavailable, longest, recovery, faults } = await throughFault({
          site: fleet.site,
          clients: 30,
          fault,
          afterwards: 5000,
        });
        process.stdout.write(
          `  ${name}, 30 clients, the primary killed and the standby promoted: ${right} right, ${unavailable} unavailable, ` +
            `${faults.length} wrong or lost; the longest request ${Math.round(longest)} ms; all right after ${Math.round(recovery)} ms\n`,
        );
        expect(faults).toEqual([]);
        expect(right).toBeGreaterThan(100);
        expect(recovery).toBeLessThan(isPooled ? 4000 : 2000);
      });
    });
  });
}
