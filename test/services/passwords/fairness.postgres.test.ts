import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD, JSON_TYPE, type Reply } from '../../support/client/graphql-client.ts';
import { until } from '../../support/until.ts';

const LOGINS = 20;
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';
const CREATE = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token status { code } } }';

const CORES = availableParallelism();
const QUEUE = 4;
const LONG = 60_000; // milliseconds: hashing gives way to all else, so on a busy machine it takes its time

const env = { TRUST_PROXY: '1', HASH_QUEUE: String(QUEUE), HASH_WAIT: '99s', BCRYPT_COST: '8' };

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp({ env });
});
afterEach(() => app.close());

const from = (address: string) => ({ 'X-Forwarded-For': address });
const logIn = (username: string, address: string): Promise<Reply> =>
  app.graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } }, headers: from(address) });
const createToken = (token: string, address: string, password = GOOD_PASSWORD): Promise<Reply> =>
  app.graphql(CREATE, { token, variables: { input: { name: 'x', password } }, headers: from(address) });

/** Does something again and again, so many at once, until it is told to stop. What came of the last one. */
function flood(count: number, work: (n: number) => Promise<Reply>): () => Promise<Reply[]> {
  let isOver = false;
  const repeat = async (n: number) => {
    for (;;) {
      const reply = await work(n);
      if (isOver) return reply;
    }
  };
  const all = Promise.all(Array.from({ length: count }, (_, n) => repeat(n)));
  return () => {
    isOver = true;
    return all;
  };
}

describe('while one address keeps all cores hashing with right passwords of its own accounts', () => {
  it(
    'logins from elsewhere succeed',
    async () => {
      const attackers: { token: string }[] = [];
      for (let n = 0; n < 6; n++) attackers.push(await app.register(`attacker-${n}`));
      await app.register('person');
      const run = vi.spyOn(Piscina.prototype, 'run');
      let refused = 0;
      const end = flood(CORES + 3 * QUEUE, async (n) => {
        const reply = await createToken(attackers[n % 6]?.token ?? '', '198.51.100.1');
        if (reply.status === 503) refused++;
        return reply;
      });
      await until(() => refused > 0, LONG); // the queue is full
      const replies: Reply[] = [];
      for (let n = 0; n < LOGINS; n += 2) replies.push(...(await Promise.all([n, n + 1].map((m) => logIn('person', `203.0.113.${m}`)))));
      await end();
      expect(run.mock.calls.length).toBeGreaterThan(2 * LOGINS); // the flood went on beside them
      run.mockRestore();
      expect(replies.filter(({ data }) => data?.login.token).length).toBeGreaterThanOrEqual(0.95 * LOGINS);
    },
    3 * LONG,
  );
});

describe('an office behind one address', () => {
  it(
    'gets in, all who log in at once, when their clients heed retryAfter',
    async () => {
      const people = Array.from({ length: CORES + QUEUE + 4 }, (_, n) => `colleague-${n}`);
      for (const username of people) await app.register(username);
      let refused = 0;
      const enter = async (username: string): Promise<Reply> => {
        const reply = await logIn(username, '203.0.113.1');
        if (reply.status !== 503) return reply;
        refused++;
        await setTimeout(Number(reply.headers.get('retry-after')) * 1000);
        return enter(username);
      };
      const replies = await Promise.all(people.map(enter));
      expect(replies.map(({ data }) => data?.login.status.code)).toEqual(people.map(() => '200 OK'));
      expect(refused).toBeGreaterThan(0); // it was more than the queue holds
    },
    3 * LONG,
  );
});

describe('a password that waits for a core', () => {
  it(
    'is not hashed when its client hangs up, and leaves its room to others',
    async () => {
      const slow = await createTestApp({ env: { HASH_QUEUE: '9999', BCRYPT_COST: '11', METRICS: '127.0.0.1:0' } });
      const pending = async () => Number(/^graphql_token_auth_hashes_pending (\d+)$/m.exec(await slow.metrics())?.[1]);
      const jobs = 30 * CORES;
      const run = vi.spyOn(Piscina.prototype, 'run');
      const hangUp = new AbortController();
      const sent = Array.from({ length: jobs }, (_, n) => {
        const query = `mutation { login(input: { username: "u${n}", password: "wrong-Quartz-12" }) { token } }`;
        const init = { method: 'POST', headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify({ query }), signal: hangUp.signal };
        return fetch(`${slow.url}/graphql`, init);
      });
      await until(async () => (await pending()) > 0.9 * jobs, LONG);
      hangUp.abort();
      await Promise.allSettled(sent);
      await until(async () => (await pending()) === 0, LONG);
      expect(run.mock.calls.length).toBeLessThan(jobs / 2);
      run.mockRestore();
      await slow.close();
    },
    3 * LONG,
  );

  it('is answered with 503 and the time to wait after HASH_WAIT', async () => {
    const slow = await createTestApp({ env: { HASH_QUEUE: '9999', HASH_WAIT: '1s', BCRYPT_COST: '12' } });
    const wrong = { username: 'u', password: 'wrong-Quartz-12' };
    const replies = await Promise.all(Array.from({ length: 10 * CORES }, () => slow.graphql(LOGIN, { variables: { input: wrong } })));
    const late = replies.filter(({ status }) => status === 503);
    expect(late.length).toBeGreaterThan(0); // though the queue has room for all of them
    expect(late.length).toBeLessThan(replies.length);
    for (const { errors, headers } of late) {
      expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } }]);
      expect(headers.get('retry-after')).toBe('5');
    }
    await slow.close();
  });
});
