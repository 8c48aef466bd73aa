import { Piscina } from 'piscina';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { loginFrom, loginPatiently, loseAttempts, THROTTLED, tally, times, WRONG } from '../../support/client/logins.ts';
import { until } from '../../support/until.ts';

const HOME = '198.51.100.7';
const env = { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '5/5m', THROTTLE_LOGIN_ADDRESS: '20/5m', TRUST_PROXY: '1', HASH_QUEUE: '500' };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env });
});
afterAll(() => app.close());
beforeEach(() => app.sql('delete from attempts'));
afterEach(() => vi.restoreAllMocks());

const login = (username: string, password = GOOD_PASSWORD, address = HOME) => loginFrom(app, address, username, password);

/** What is left in the budgets: failures, and attempts under way. */
const traces = () => app.sql("select points, pending from attempts where key like 'login%' and (points <> 0 or pending <> '{}')");

/** How many logins have a seat: as many as the address has attempts under way. */
async function underWay(): Promise<number> {
  const [row] = await app.sql("select count(*)::int as n from attempts, jsonb_object_keys(pending) where key like 'loginPerAddress:%'");
  return Number(row?.n);
}

/** Keeps the next hashes from beginning. @returns how to let them go */
function holdHashes() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = Piscina.prototype.run;
  vi.spyOn(Piscina.prototype, 'run').mockImplementation(async function (this: Piscina, task) {
    await promise;
    return run.call(this, task);
  });
  return { release: resolve };
}

describe('right passwords', () => {
  it('all get in when 25 come at once with a budget of 5, and leave no trace', async () => {
    await app.register('busy');
    expect(tally(await times(25, () => loginPatiently(app, HOME, 'busy', GOOD_PASSWORD)))).toEqual({ '200 OK': 25 });
    expect(await traces()).toEqual([]);
  });

  it('all get in when 120 people come at once from one address with a budget of 20', async () => {
    await app.sql(
      `insert into users (username, password_hash) select 'office-' || n, password_hash from users, generate_series(0, 119) n where username = 'busy'`,
    );
    expect(tally(await times(120, (n) => loginPatiently(app, HOME, `office-${n}`, GOOD_PASSWORD)))).toEqual({ '200 OK': 120 });
    expect(await traces()).toEqual([]);
  });

  it('wait for wrong ones that are under way, and are refused only when those use the budget up', async () => {
    await app.register('mixed');
    const hold = holdHashes();
    const wrong = times(5, () => login('mixed', WRONG));
    await until(async () => (await underWay()) === 5);
    const right = times(3, () => login('mixed'));
    hold.release();
    expect(tally(await wrong)).toEqual({ '400 BAD REQUEST': 5 });
    expect(tally(await right)).toEqual({ [THROTTLED]: 3 });
  });
});

describe('what is refused', () => {
  it('by a lock leaves no trace: the budget is as used up as before, and the wait is no longer', async () => {
    await app.register('refused');
    await times(5, () => login('refused', WRONG));
    const before = await app.sql('select key, points, expire from attempts order by key');
    await times(30, () => login('refused', WRONG));
    expect(await app.sql('select key, points, expire from attempts order by key')).toEqual(before);
  });

  it('by one budget takes no seat in another', async () => {
    await times(20, (n) => login(`sprayed-${n}`, WRONG));
    const noted = () => app.sql("select ip_address from security_events where kind = 'THROTTLED' and user_id is null");
    await until(async () => (await noted()).length === 1); // about the address, and so of no account
    expect(await noted()).toEqual([{ ip_address: HOME }]);
    const rows = (await app.sql('select key from attempts')).length;
    expect(tally(await times(10, (n) => login(`later-${n}`, WRONG)))).toEqual({ [THROTTLED]: 10 });
    expect(await app.sql('select key from attempts')).toHaveLength(rows);
  });

  it('with 503, for lack of room to hash, leaves no trace', async () => {
    const small = await createTestApp({ env: { ...env, HASH_QUEUE: '1', BCRYPT_COST: '9', THROTTLE_LOGIN_ADDRESS: '60/5m' } });
    const rushed = () => times(40, (n) => loginFrom(small, HOME, `rushed-${n}`));
    const failed = tally(await rushed())['400 BAD REQUEST'] ?? 0;
    expect(failed).toBeLessThan(40);
    await until(async () => (await small.sql("select 1 from attempts where pending <> '{}'")).length === 0);
    expect(await small.sql("select points from attempts where key like 'loginPerAddress:%'")).toEqual([{ points: failed }]);
    await small.close();
  });

  it('for lack of room at registration leaves no trace either', async () => {
    const small = await createTestApp({ env: { ...env, HASH_QUEUE: '1', BCRYPT_COST: '9', THROTTLE_REGISTER: '60/1h' } });
    const replies = await times(30, (n) =>
      small.register(`rushed-${n}`).then(
        () => true,
        () => false,
      ),
    );
    const made = replies.filter(Boolean).length;
    expect(made).toBeLessThan(30);
    await until(async () => (await small.sql("select 1 from attempts where pending <> '{}'")).length === 0);
    expect(await small.sql("select points from attempts where key like 'registerPerAddress:%'")).toEqual([{ points: made }]);
    await small.close();
  });
});

describe('a window of time that ends', () => {
  const endWindows = () => app.sql('update attempts set expire = expire - 300000 where points > 0');

  it('while right logins are under way gives nobody more failures than the budget: nothing is taken off the next one', async () => {
    await app.register('edge');
    await login('edge', WRONG);
    const hold = holdHashes();
    const late = times(4, () => login('edge'));
    await until(async () => (await underWay()) === 4);
    await endWindows();
    const wrong = times(30, () => login('edge', WRONG));
    await until(async () => (await underWay()) === 5); // the one seat that is left
    hold.release();
    expect(tally(await late)).toEqual({ '200 OK': 4 });
    expect(tally(await wrong)).toEqual({ '400 BAD REQUEST': 5, [THROTTLED]: 25 });
    expect((await login('edge')).status.code).toBe(THROTTLED);
  });

  it('while wrong ones are under way counts them in the next', async () => {
    await app.register('carried');
    await login('carried', WRONG);
    const hold = holdHashes();
    const late = times(4, () => login('carried', WRONG));
    await until(async () => (await underWay()) === 4);
    await endWindows();
    hold.release();
    await late;
    expect(tally([await login('carried', WRONG), await login('carried')])).toEqual({ '400 BAD REQUEST': 1, [THROTTLED]: 1 });
  });
});

describe('an attempt that nobody settles', () => {
  it('as by a process that died, keeps its seat for a minute, in which others are told to come back, and no longer', async () => {
    await app.register('orphaned');
    const hold = holdHashes();
    const lost = times(5, () => login('orphaned'));
    await until(async () => (await underWay()) === 5);
    const waiting = login('orphaned');
    await loseAttempts(app);
    hold.release();
    expect((await waiting).token).not.toBeNull();
    expect(tally(await lost)).toEqual({ '200 OK': 5 });
  });
});
