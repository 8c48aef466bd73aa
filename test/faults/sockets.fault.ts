import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLoop, percentile } from '../../bench/load/open-loop.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';
import { record } from './report.ts';
import { startSite } from './site.ts';

const SOCKETS = 1000;
const ROUNDS = 5;
const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\n';

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('1,000 sockets, half of them idle and half of them dripping, do not slow the others down', async () => {
  const site = await startSite(postgres);
  const { token } = await graphqlClient(site.url).register('ann');
  const hello = async () => {
    const { latencies, statuses } = await openLoop({
      url: `${site.url}/graphql`,
      rate: 100,
      seconds: 5,
      body: () => '{"query":"{ hello }"}',
      headers: { Authorization: `Token ${token}` },
    });
    expect(Object.keys(statuses)).toEqual(['200']);
    return percentile(latencies, 0.99);
  };
  await hello(); // warms up
  const quiet: number[] = [];
  const crowded: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(await hello());
    const crowd = await openSockets(site.url);
    crowded.push(await hello());
    crowd.close();
  }
  const [calm, busy] = [median(quiet), median(crowded)];
  record({
    fault: `${SOCKETS} idle and slow sockets`,
    expected: 'p99 of the others below 2 × (medians of 5 rounds)',
    measured: `${calm.toFixed(1)} ms without, ${busy.toFixed(1)} ms with them: ${(busy / calm).toFixed(2)} ×`,
  });
  expect(busy / calm).toBeLessThan(2);
  expect(await site.stop()).toBe(0);
});

/** Half of them say nothing, half of them a byte a second. */
async function openSockets(url: string): Promise<{ close: () => void }> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  let connected = 0;
  for (let n = 0; n < SOCKETS; n++) {
    sockets.push(connect(Number(port), hostname, () => connected++).on('error', () => {}));
  }
  await until(() => connected === SOCKETS, 30_000);
  const slow = sockets.filter((_, n) => n % 2 === 0);
  for (const socket of slow) socket.write(HEAD);
  const dripping = setInterval(() => {
    for (const socket of slow) socket.write('x');
  }, 1000);
  const close = () => {
    clearInterval(dripping);
    for (const socket of sockets) socket.destroy();
  };
  return { close };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
