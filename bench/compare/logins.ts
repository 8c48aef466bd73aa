import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { GOOD_PASSWORD } from '../../test/support/client/graphql-client.ts';
import { usernameOf } from '../bed/seed.ts';
import { closedLoop, forSeconds } from '../load/closed-loop.ts';
import { openLoop, percentile } from '../load/open-loop.ts';
import { createShot, tokenOf } from '../load/request.ts';
import { TOKENS } from './contestants.ts';

/** Logins in flight: more than there are cores, fewer than the queue for hashing holds. */
const IN_FLIGHT = 8 * availableParallelism();
const RATE = 200; // requests a second

/** Logins that succeed, so that production's throttling lets them pass. @returns logins a second */
export async function login(url: string, seconds: number): Promise<number> {
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';
  const start = Math.floor(Math.random() * TOKENS); // not the same people each time
  const shot = (n: number) =>
    createShot({
      url: `${url}/graphql`,
      body: { query, variables: { input: { username: usernameOf(1 + ((start + n) % TOKENS)), password: GOOD_PASSWORD } } },
      expected: '"code":"200 OK"',
    });
  const answered = await closedLoop({ url, connections: IN_FLIGHT, shot, until: forSeconds(seconds) });
  return answered.requests / answered.seconds;
}

/** bcrypt alone, of the same cost, as often as the cores can. @returns hashes a second */
export const bareBcrypt = (seconds: number): Promise<number> =>
  answerOf(
    fork(new URL('./bare-bcrypt.ts', import.meta.url), [String(seconds)], {
      env: { ...process.env, UV_THREADPOOL_SIZE: String(availableParallelism()) },
    }),
  );

/** The p99 of `{ hello }` at a fixed rate, in milliseconds. */
export async function pacedHello(url: string, seconds: number, headers = tokenOf(0)): Promise<number> {
  const measured = await openLoop({ url: `${url}/graphql`, rate: RATE, seconds, body: () => '{"query":"{ hello }"}', headers });
  if (measured.statuses[200] !== measured.latencies.length) throw new Error(`answers by status: ${JSON.stringify(measured.statuses)}`);
  return percentile(measured.latencies, 0.99);
}

/** The same while logins, sent by another process, keep all cores hashing. */
export async function pacedHelloBesideLogins(url: string, seconds: number): Promise<number> {
  const logins = answerOf(fork(new URL('./login-load.ts', import.meta.url), [url, String(seconds + 1)]));
  const [p99] = await Promise.all([pacedHello(url, seconds), logins]);
  return p99;
}

async function answerOf(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${child.spawnargs.at(1)} ended with ${code}`)));
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  return Number(answer);
}
