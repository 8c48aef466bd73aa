import { afterAll, beforeAll, expect, it } from 'vitest';
import { throughFault } from '../faults/scenarios/under-load.ts';
import { runSql } from '../faults/site.ts';
import { type BreakablePostgres, startPostgres } from '../support/postgres-server.ts';
import { type Standby, startStandby } from '../support/standby.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { atPort, createMigrated, type Fleet, startFleet } from './fleet.ts';
import { expectAllTold } from './sharing.ts';

let primary: BreakablePostgres;
let standby: Standby;
/** Where the nodes find the primary, whichever it is: a virtual address, or a proxy. */
let address: TcpProxy;
let fleet: Fleet;
beforeAll(async () => {
  primary = await startPostgres();
  const url = await createMigrated(primary);
  standby = await startStandby(primary);
  address = await startTcpProxy(primary.port);
  fleet = await startFleet({ DATABASE_URL: atPort(url, address.port), DATABASE_READ_URLS: atPort(url, standby.port) });
});
afterAll(async () => {
  await fleet.close();
  await address.cut();
  await standby.stop();
  await primary.stop();
});

it('lists come from a streaming standby, which takes no writes', async () => {
  const [node] = fleet.nodes;
  const { token } = (await node?.register('chief')) ?? {};
  await fleet.site.sql("update users set is_staff = true where username = 'chief'");
  const listed = async () =>
    (await node?.graphql('{ users { edges { node { username isStaff } } } }', { token: token ?? '' }))?.data?.users;
  await until(async () => (await listed())?.edges[0]?.node.isStaff === true);
  const seen = await runSql(
    standby.url,
    "select 1 from pg_stat_activity where datname = 'app' and query like '%users%' and pid <> pg_backend_pid()",
  );
  expect(seen).not.toEqual([]);
  expect(await runSql(standby.url, 'select pg_is_in_recovery() as it_is')).toEqual([{ it_is: true }]);
});

it('the primary is killed under load and the standby promoted: nothing wrong, nothing lost, everybody told', async () => {
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
      `  failover, three nodes, 30 clients: ${right} right, ${unavailable} unavailable, ${faults.length} wrong or lost; ` +
        `the longest request ${Math.round(longest)} ms; all right ${Math.round(recovery)} ms after the promotion\n`,
    );
    expect(faults).toEqual([]);
    expect(right).toBeGreaterThan(100);
    expect(recovery).toBeLessThan(2000);
  });
});
