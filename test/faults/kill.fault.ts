import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServerProcess } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { record } from './report.ts';
import { startSite } from './site.ts';

const KILLS = 200;
const LANES = 2; // processes at a time
const AT_ONCE = 10; // registrations in the middle of which a process dies

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('kill -9 in mid-register: account, token and event, or none of them; what was acknowledged is there', async () => {
  const site = await startSite(postgres);
  const acknowledged: string[] = [];
  const killOne = async (n: number) => {
    const server = await startServerProcess(site.env);
    const { register } = graphqlClient(server.url);
    const names = Array.from({ length: AT_ONCE }, (_, m) => `killed-${n}-${m}`);
    const trying = names.map((name) =>
      register(name).then(
        () => acknowledged.push(name),
        () => {},
      ),
    );
    await Promise.race(trying);
    await setTimeout(randomInt(0, 30)); // the others are on their way
    await server.stop('SIGKILL');
    await Promise.all(trying);
  };
  let n = 0;
  const lane = async () => {
    while (n < KILLS) {
      await killOne(n++);
      if (n % 20 === 0) process.stdout.write(`  ${n} of ${KILLS} killed\n`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const half = `select username from users u where not exists (select from tokens where user_id = u.id)
                   or not exists (select from security_events where user_id = u.id and kind = 'REGISTERED')`;
  const halves = await site.sql(half);
  const there = new Set((await site.sql('select username from users')).map(({ username }) => username));
  const missing = acknowledged.filter((name) => !there.has(name));
  record({
    fault: `kill -9 in mid-register, ${KILLS} times`,
    expected: 'no account without its token; every acknowledged one there',
    measured: `${KILLS * AT_ONCE} tried, ${acknowledged.length} acknowledged, ${there.size} there; ${halves.length} halves, ${missing.length} missing`,
  });
  expect(halves).toEqual([]);
  expect(missing).toEqual([]);
  expect(there.size).toBeLessThan(KILLS * AT_ONCE); // or nothing was killed in the middle
  await site.stop();
});
