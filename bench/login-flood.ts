import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startServerProcess } from '../test/support/app/server-process.ts';
import { graphqlClient } from '../test/support/client/graphql-client.ts';
import { startPostgres } from '../test/support/database/postgres-server.ts';
import { pacedHello } from './compare/logins.ts';
import { median } from './rank-test.ts';

/**
 * Does a flood of logins slow other requests down? Sends `{ hello }` at 200 requests a second, with and without
 * 200 login attempts a second beside it, in turns. Run with `npm run bench:flood`; takes about two minutes.
 */
const ROUNDS = 5;
const SECONDS = 10;

const postgres = await startPostgres();
const server = await startServerProcess({
  DATABASE_URL: postgres.url,
  AUTO_MIGRATE: 'true',
  THROTTLE: 'off',
  BCRYPT_COST: '12',
  LOG_LEVEL: 'silent',
});
const { token } = await graphqlClient(server.url).register('ann');
const url = `${server.url}/graphql`;

const hello = () => pacedHello(server.url, SECONDS, { Authorization: `Token ${token}` });

const p99: Record<'quiet' | 'flooded', number[]> = { quiet: [], flooded: [] };
await hello(); // warms up
for (let round = 1; round <= ROUNDS; round++) {
  process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  p99.quiet.push(await hello());
  const flood = fork(new URL('./login-flooder.ts', import.meta.url), [url, String(SECONDS + 2)]);
  const [{ statuses }, measured] = await Promise.all([once(flood, 'message').then(([message]) => message), hello()]);
  p99.flooded.push(measured);
  process.stderr.write(`  login answers by status: ${JSON.stringify(statuses)}\n`);
}
const ms = (values: number[]) => `${median(values).toFixed(1)} ms (${values.map((value) => value.toFixed(1)).join(', ')})`;
process.stdout.write(`p99 of { hello } at 200/s, quiet:            ${ms(p99.quiet)}\n`);
process.stdout.write(`p99 of { hello } at 200/s, 200 logins/s:     ${ms(p99.flooded)}\n`);
process.stdout.write(`ratio of the medians: ${(median(p99.flooded) / median(p99.quiet)).toFixed(2)} (target: below 5)\n`);
await server.stop();
await postgres.stop();
