import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { subscribe } from '../../support/client/subscription.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { startTcpProxy } from '../../support/network/tcp-proxy.ts';
import { until } from '../../support/until.ts';

const WATCH = 'subscription { tokenRevoked { reason } }';
const listeners = "select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'";

let database: TestDatabase;
let nodes: [TestApp, TestApp];
beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await createTestApp({ on: database }), await createTestApp({ on: database })];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.drop();
});

describe('subscription tokenRevoked on one node', () => {
  it('reports a token revoked on another', async () => {
    const [here, there] = nodes;
    const { token } = await here.register('ann');
    const subscription = await subscribe(here.url, WATCH, token);
    const started = performance.now();
    await there.graphql('mutation { logout { status { code } } }', { token });
    await subscription.ended;
    expect(performance.now() - started).toBeLessThan(1000);
    expect(subscription.received()).toContain('REVOKED');
  });

  it('misses nothing while its connection to PostgreSQL is away', async () => {
    const [here] = nodes;
    const { id, token } = await here.register('bob');
    const subscription = await subscribe(here.url, WATCH, token);
    await until(async () => (await here.sql(listeners)).length > 0);
    await here.sql(`begin; select pg_terminate_backend(pid) from (${listeners}) l; delete from tokens where user_id = ${id}; commit`);
    await subscription.ended;
    expect(subscription.received()).toContain('REVOKED');
  });

  it('outlasts a database that does not answer', async () => {
    const [, there] = nodes;
    const url = new URL(database.env.DATABASE_URL ?? '');
    const proxy = await startTcpProxy(Number(url.port));
    const pooled = Object.assign(new URL(url), { port: String(proxy.port) }).href;
    const here = await createTestApp({ on: database, env: { DATABASE_URL: pooled, DATABASE_DIRECT_URL: url.href } });
    const { id, token } = await there.register('carl');
    const subscription = await subscribe(here.url, WATCH, token);
    await proxy.cut();
    await there.sql(`delete from tokens where user_id = ${id}`); // which `here` hears
    await until(() => here.logs().includes('cannot be asked'));
    await proxy.mend();
    await subscription.ended;
    expect(subscription.received()).toContain('REVOKED');
    await here.close();
    await proxy.cut();
  });

  it('ends with an error when the query itself fails', async () => {
    const [here] = nodes;
    const { token } = await here.register('dora');
    const subscription = await subscribe(here.url, WATCH, token);
    await here.sql("begin; alter table users rename to people; select pg_notify('token_ended', id::text) from tokens; commit");
    await subscription.ended;
    await here.sql('alter table people rename to users');
    expect(subscription.received()).toContain('INTERNAL_SERVER_ERROR');
  });
});
