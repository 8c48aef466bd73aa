import { Piscina } from 'piscina';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServerProcess, startServerProcess } from '../../support/app/server-process.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD, graphqlClient } from '../../support/client/graphql-client.ts';
import { loginFrom, loseAttempts, THROTTLED, tally, times, WRONG } from '../../support/client/logins.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

const HOME = '198.51.100.7';
const env = { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '5/5m', TRUST_PROXY: '1', HASH_QUEUE: '200' };

let database: TestDatabase;
let nodes: TestApp[];
let server: ServerProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await createTestApp({ on: database, env }), await createTestApp({ on: database, env })];
  server = await startServerProcess({ ...database.env, ...env, WORKERS: '2', BCRYPT_COST: '13' });
});
afterAll(async () => {
  await server.stop('SIGKILL');
  for (const node of nodes) await node.close();
  await database.drop();
});

const here = (): TestApp => nodes[0] ?? expect.fail('no node');
const onAll = (count: number, username: string, password: string) =>
  times(count, (n) => loginFrom(nodes[n % nodes.length] ?? here(), HOME, username, password));

describe('two nodes', () => {
  it('let 50 wrong passwords at once reach the hash 5 times', async () => {
    await here().register('burst');
    const run = vi.spyOn(Piscina.prototype, 'run');
    const payloads = await onAll(50, 'burst', WRONG);
    expect(run).toHaveBeenCalledTimes(5);
    run.mockRestore();
    expect(tally(payloads)).toEqual({ '400 BAD REQUEST': 5, [THROTTLED]: 45 });
  });

  it('let 25 right ones at once in', async () => {
    await here().register('busy');
    expect(tally(await onAll(25, 'busy', GOOD_PASSWORD))).toEqual({ '200 OK': 25 });
  });
});

describe('two workers of one server and a node beside it', () => {
  it('let 60 wrong passwords at once fail 5 times', async () => {
    const all = [graphqlClient(server.url), here()];
    const payloads = await times(60, (n) => loginFrom(all[n % 2] ?? here(), HOME, 'processes', WRONG));
    expect(tally(payloads)).toEqual({ '400 BAD REQUEST': 5, [THROTTLED]: 55 });
  });

  it('give up what is under way in one that is killed: its seats are free a minute later', async () => {
    const lost = times(5, () => loginFrom(graphqlClient(server.url), HOME, 'survivor').catch(() => undefined));
    const undecided = "select 1 from attempts a, jsonb_each(a.pending) where a.key like 'loginPerAccount:%'";
    await until(async () => (await here().sql(undecided)).length === 5);
    await server.stop('SIGKILL');
    await lost;
    expect(await here().sql(undecided)).not.toEqual([]);
    await here().register('survivor');
    const login = loginFrom(here(), HOME, 'survivor', GOOD_PASSWORD);
    await loseAttempts(here());
    expect((await login).token).not.toBeNull();
  });
});
