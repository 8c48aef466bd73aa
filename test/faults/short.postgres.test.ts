import { setTimeout } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerProcess } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';
import { freezeUnderLoad } from './scenarios/freeze.ts';
import { startLate } from './scenarios/late.ts';
import { stopUnderLoad } from './scenarios/stop.ts';
import { terminateUnderLoad } from './scenarios/terminate.ts';
import { throughFault } from './scenarios/under-load.ts';
import { type Site, startSite } from './site.ts';

/** The short form of `npm run test:faults`: the same faults, for less time and with fewer clients. */
const CLIENTS = 10;

let postgres: BreakablePostgres;
let site: Site;
beforeAll(async () => {
  postgres = await startPostgres();
  site = await startSite(postgres, { DATABASE_TIMEOUT: '2s', DATABASE_POOL_MAX: '4' });
});
afterAll(async () => {
  await site.stop('SIGKILL');
  await postgres.stop();
});

describe('under load', () => {
  it('PostgreSQL that is killed and comes back costs nothing that was acknowledged', async () => {
    const fault = async () => {
      await postgres.kill('SIGKILL');
      await postgres.start();
    };
    const { faults, recovery } = await throughFault({ site, clients: CLIENTS, fault, afterwards: 1000 });
    expect(faults).toEqual([]);
    expect(recovery).toBeLessThan(5000);
  });

  it('back ends that are ended are missed by nobody who reads', async () => {
    const { faults, failedReads, ended } = await terminateUnderLoad({ site, clients: CLIENTS, times: 2 });
    expect(faults).toEqual([]);
    expect(ended).toBeGreaterThan(0);
    expect(failedReads).toBe(0);
  });

  it('PostgreSQL that does not answer keeps nobody longer than DATABASE_TIMEOUT', async () => {
    const { faults, longest, misled } = await freezeUnderLoad({ postgres, site, clients: CLIENTS, seconds: 2, afterwards: 500 });
    expect(faults).toEqual([]);
    expect(misled).toEqual([]);
    expect(longest).toBeLessThan(4000); // on a busy machine; 2000 on its own
  });
});

describe('a stop', () => {
  it('is announced, drops no request and loses nothing; a second signal does not cut it short', async () => {
    const leaving = await startSite(postgres, { SHUTDOWN_DELAY: '1s' });
    const { code, failures, missing } = await stopUnderLoad({ site: leaving, clients: CLIENTS, balanced: true });
    expect({ code, failures, missing }).toEqual({ code: 0, failures: [], missing: [] });
  });

  it('breaks subscriptions off, which graphql-sse then takes up at the next server', async () => {
    const first = await startServerProcess(site.env);
    const { graphql, register } = graphqlClient(first.url);
    const { token } = await register('subscriber');
    const connected: boolean[] = [];
    const client = createClient({
      url: `${first.url}/graphql`,
      headers: { Authorization: `Token ${token}` },
      on: { connected: (isRetry) => connected.push(isRetry) },
      retry: () => setTimeout(100),
      retryAttempts: 100,
    });
    const events = client.iterate({ query: 'subscription { tokenRevoked { reason } }' });
    const ended = events.next();
    await until(() => connected.length === 1);
    await first.stop();
    const next = await startServerProcess({ ...site.env, PORT: new URL(first.url).port });
    await until(() => connected.length === 2);
    await graphql('mutation { logout { status { code } } }', { token });
    expect((await ended).value).toEqual({ data: { tokenRevoked: { reason: 'REVOKED' } } });
    client.dispose();
    await next.stop();
  });
});

describe('a start', () => {
  it('waits for PostgreSQL', async () => {
    expect(await startLate({ postgres, tries: 1 })).toBeLessThan(5000);
  });
});
