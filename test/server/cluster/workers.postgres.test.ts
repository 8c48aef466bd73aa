import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failToStart, type ServerProcess, startServerProcess } from '../../support/app/server-process.ts';
import { GOOD_PASSWORD, GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

const BOTH = { WORKERS: '2', THROTTLE_LOGIN_ADDRESS: '9999/1h', METRICS: '127.0.0.1:0' };

let database: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  server = await startServerProcess({ ...database.env, ...BOTH, AUTO_MIGRATE: 'true', HASH_QUEUE: '1', BCRYPT_COST: '8' });
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await database.drop();
});

/** Process ids of the first workers that were ready; waits for so many. */
async function workersOf({ output }: Pick<ServerProcess, 'output'>, count: number): Promise<number[]> {
  const pids = () => [...output().matchAll(/"pid":(\d+),"msg":"a worker is ready"/g)].map(([, pid]) => Number(pid));
  await until(() => pids().length >= count, 20_000);
  return pids();
}

function kill(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (!pid) throw new Error('there is no such process'); // 0 would be all of ours
  process.kill(pid, signal);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// On a connection of its own each, or the same worker would answer them all.
const ask = (query: string, token = '') => rawRequest(server.url, { query, headers: token ? ['Authorization', `Token ${token}`] : [] });
const register = (username: string) =>
  ask(`mutation { register(input: { username: "${username}", password: "${GOOD_PASSWORD}" }) { token } }`);

/** Sends a request but for its body, waits until the server has accepted it, and returns how to send the rest. */
async function begin(url: string, query: string) {
  const body = JSON.stringify({ query });
  const headers = { 'Content-Type': JSON_TYPE, Accept: GRAPHQL_TYPE, 'Content-Length': body.length, Expect: '100-continue' };
  const outgoing = request(`${url}/graphql`, { method: 'POST', headers, agent: false });
  await once(outgoing, 'continue');
  return async () => {
    outgoing.end(body);
    const [incoming] = await once(outgoing, 'response');
    return { status: incoming.statusCode, headers: incoming.headers, json: await json(incoming) };
  };
}

async function countAttempts(): Promise<number> {
  const client = new pg.Client({ connectionString: database.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('select count(*)::int from attempts').finally(() => client.end());
  return rows[0].count;
}

/** Does `work` while one worker stands still, so that the other one answers. */
async function without<Result>(pid: number | undefined, work: () => Promise<Result>): Promise<Result> {
  kill(pid, 'SIGSTOP');
  const probes = [ask('{ __typename }'), ask('{ __typename }')];
  try {
    await Promise.any(probes); // the one that stands still has the other probe by now, and gets nothing more
    return await work();
  } finally {
    kill(pid, 'SIGCONT');
    await Promise.all(probes);
  }
}

describe('WORKERS=2', () => {
  it('has two processes answer on one port, which the banner names; what one ends is over at the other at once', async () => {
    const workers = await workersOf(server, 2);
    expect(workers.filter(isAlive)).toHaveLength(2);
    const [one, other] = workers;
    expect(server.banner).toMatch(/Workers +2/);
    const token = await without(one, async () => (await register('ann')).json.data.register.token);
    expect((await without(other, () => ask('{ hello }', token))).json).toEqual({ data: { hello: 'Hello, World!' } });
    await without(one, () => ask('mutation { logout { status { code } } }', token));
    expect((await without(other, () => ask('{ hello }', token))).json.errors).toMatchObject([{ extensions: { reason: 'INVALID' } }]);
  });

  it('hashes one password a core and lets HASH_QUEUE wait, on the whole machine: a flood over both is turned away with 503', async () => {
    const room = availableParallelism() + 1;
    const flood = Array.from(
      { length: 2 * room + 4 },
      (_, n) => `mutation { login(input: { username: "u${n}", password: "x" }) { token } }`,
    );
    const logins = await Promise.all(flood.map((query) => begin(server.url, query)));
    kill(server.pid, 'SIGSTOP'); // the supervisor, who hashes: all logins shall wait for it together
    const replies = logins.map((finish) => finish());
    await until(async () => (await countAttempts()) > 2 * flood.length); // each of an account, twice, and all of the address
    kill(server.pid, 'SIGCONT');
    const refused = (await Promise.all(replies)).filter(({ status }) => status === 503);
    for (const { json, headers } of refused) {
      expect(json).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } }] });
      expect(headers['retry-after']).toBe('5');
    }
    const hashed = replies.length - refused.length;
    expect(hashed).toBeGreaterThanOrEqual(room);
    expect(hashed).toBeLessThan(2 * room); // what two workers with a bound of their own would have room for
  });

  it('adds up what its workers measure', async () => {
    const [, url = ''] = /"url":"(\S+)","msg":"metrics can be scraped"/.exec(server.output()) ?? [];
    const scrape = async (sample: string) => (await (await fetch(url)).text()).split('\n').filter((line) => line.startsWith(sample));
    const countIn = ([line]: string[]) => Number(line?.split(' ').at(-1));
    const queries = 'graphql_token_auth_operation_duration_seconds_count{type="query",outcome="OK"}';
    const before = countIn(await scrape(queries));
    for (let n = 0; n < 6; n++) await ask('{ __typename }');
    const after = await scrape(queries);
    expect(after).toHaveLength(1);
    expect(countIn(after)).toBe(before + 6);
    expect(await scrape('graphql_token_auth_database_connections{state="max"}')).toEqual([expect.stringMatching(/ 20$/)]); // 10 each
  });

  it('goes on answering when a worker is killed, and replaces it; the next time it waits longer', async () => {
    const [first] = await workersOf(server, 2);
    kill(first);
    await until(() => server.output().includes('"delay":200,"msg":"a worker ended'));
    for (let n = 0; n < 10; n++) expect((await ask('{ __typename }')).status).toBe(200);
    kill((await workersOf(server, 3)).at(-1));
    await until(() => server.output().includes('"delay":400,"msg":"a worker ended'));
    await workersOf(server, 4);
  });

  it('leaves no worker behind when the supervisor is killed', async () => {
    const alive = (await workersOf(server, 4)).filter(isAlive);
    expect(alive).toHaveLength(2);
    await server.stop('SIGKILL');
    await until(() => !alive.some(isAlive));
  });
});

describe('stopping', () => {
  it('finishes every request that was accepted, then ends with 0; that the signal comes to every process and twice changes nothing', async () => {
    const drained = await startServerProcess({ ...database.env, ...BOTH });
    const { url, pid, stop } = drained;
    const late = (n: number) => `mutation { register(input: { username: "late${n}", password: "${GOOD_PASSWORD}" }) { token } }`;
    const accepted = await Promise.all([1, 2, 3, 4].map((n) => begin(url, late(n))));
    for (const each of [pid, ...(await workersOf(drained, 2))]) kill(each, 'SIGINT'); // as Ctrl-C in a terminal does
    const ended = stop();
    await until(() =>
      rawRequest(url, { path: '/livez' }).then(
        () => false,
        () => true,
      ),
    );
    for (const reply of await Promise.all(accepted.map((finish) => finish())))
      expect(reply.json).toEqual({ data: { register: { token: expect.stringMatching(/^\w{40}$/) } } });
    expect(await ended).toBe(0);
  });
});

describe('a start that cannot succeed ends with exit code 1 and says why once', () => {
  it.each(['1', '2'])('when the port is taken, WORKERS=%s', async (workers) => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const address = taken.address();
    const port = String(typeof address === 'object' && address?.port);
    const { code, stderr } = await failToStart({ ...database.env, WORKERS: workers, PORT: port });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The server cannot listen on 127\.0\.0\.1, port \d+: .*EADDRINUSE.*\. Check HOST and PORT\.\n$/);
    taken.close();
  });

  it('when the database is not there', async () => {
    const { code, stderr } = await failToStart({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none', DATABASE_WAIT: '0', WORKERS: '2' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The database cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. Check DATABASE_URL.*\n$/);
  });
});

describe('a password that waits for a core', () => {
  it('leaves the queue of the machine when its client hangs up at a worker', async () => {
    const slow = await startServerProcess({ ...database.env, ...BOTH, HASH_QUEUE: '9999', BCRYPT_COST: '11' });
    await until(() => slow.output().includes('metrics can be scraped'));
    const [, url = ''] = /"url":"(\S+)","msg":"metrics can be scraped"/.exec(slow.output()) ?? [];
    const measured = async (sample: string) =>
      Number(new RegExp(`^graphql_token_auth_${sample} (\\d+)$`, 'm').exec(await (await fetch(url)).text())?.[1]);
    const jobs = 30 * availableParallelism();
    const hangUp = new AbortController();
    const sent = Array.from({ length: jobs }, (_, n) => {
      const body = JSON.stringify({ query: `mutation { login(input: { username: "gone${n}", password: "x" }) { token } }` });
      return fetch(`${slow.url}/graphql`, { method: 'POST', headers: { 'Content-Type': JSON_TYPE }, body, signal: hangUp.signal });
    });
    await until(async () => (await measured('hashes_pending')) > 0.9 * jobs, 60_000);
    hangUp.abort();
    await Promise.allSettled(sent);
    await until(async () => (await measured('hashes_pending')) === 0, 60_000);
    expect(await measured('hash_duration_seconds_count')).toBeLessThan(jobs / 2);
    await slow.stop();
  }, 180_000);
});
