import type { Delivered, Feature } from 'graphql-token-auth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { until } from '../../support/until.ts';

type Told = Omit<Delivered<'user.created'>, 'em' | 'signal'>;

let told: Told[] = [];
let obstacle: Error | null = null;
const hear = ({ em, signal, ...event }: Delivered<'user.created'> | Delivered<'user.deleted'>) => {
  told.push({ ...event, type: 'user.created' });
  if (em.isInTransaction() || signal.aborted) throw new Error('it is too late');
  if (obstacle) throw obstacle;
};
const listener: Feature = { name: 'listener', after: { 'user.created': hear, 'user.deleted': hear } };
const other: Feature = { name: 'other', after: { 'user.deleted': hear }, on: { 'user.created': ({ user }) => veto(user.username) } };
const veto = (username: string) => {
  if (username === 'unwanted') throw new Error('a bug');
};

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ app: [listener, other], env: { METRICS: '0' } });
});
afterAll(() => app.close());
beforeEach(() => {
  told = [];
  obstacle = null;
});

const waiting = () => app.sql('select type, listener, attempts, next_attempt_at as next from deliveries order by id');
const isQuiet = async () => (await waiting()).length === 0;
const makeDue = () => app.sql('update deliveries set next_attempt_at = now()');
const metric = async (name: string) => Number(new RegExp(`^graphql_token_auth_events_${name} (\\d+)`, 'm').exec(await app.metrics())?.[1]);

describe('a listener', () => {
  it('is told after the commit, once, with ids and usernames', async () => {
    const { id } = await app.register('ann', { email: 'ann@example.com' });
    await until(isQuiet);
    expect(told).toEqual([
      {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        type: 'user.created',
        timestamp: expect.any(Date),
        user: { id: Number(id), username: 'ann' },
        actor: null,
      },
    ]);
  });

  it('is told of an account that is gone, as is every other listener, by one id', async () => {
    const { token } = await app.register('gone');
    await until(isQuiet);
    told = [];
    await app.graphql(`mutation { deleteAccount(input: { password: "${GOOD_PASSWORD}" }) { status { code } } }`, { token });
    await until(isQuiet);
    expect(told.map(({ user }) => user.username)).toEqual(['gone', 'gone']);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  it('is not told of what was undone', async () => {
    const reply = await app.graphql(`mutation { register(input: { username: "unwanted", password: "${GOOD_PASSWORD}" }) { token } }`);
    expect(reply.status).toBe(500);
    expect([told, await waiting()]).toEqual([[], []]);
  });

  it('that fails is told again, ever less often, by the same id, until it returns', async () => {
    obstacle = new Error('not now');
    await app.register('patient');
    for (const attempts of [1, 2, 3]) {
      await until(async () => (await waiting()).some((row) => row.attempts === attempts && told.length === attempts));
      await until(
        async () =>
          Number(
            (await app.sql(`select round(extract(epoch from next_attempt_at - now()) / 60) as minutes from deliveries`))[0]?.minutes,
          ) ===
          2 ** (attempts - 1),
      );
      if (attempts === 3) obstacle = null;
      await makeDue();
    }
    await until(isQuiet);
    expect(told).toHaveLength(4);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(app.logs()).toContain('an event was not delivered; it will be tried again');
    expect(await metric('total{result="put_off"}')).toBe(3);
  });

  it('costs no row for what it does not listen to', async () => {
    const { token } = await app.register('quiet');
    await until(isQuiet);
    await app.sql('create table kept (like deliveries)');
    await app.sql('create rule keep as on insert to deliveries do also insert into kept select new.*');
    await app.graphql('mutation { updateProfile(input: { firstName: "Q" }) { status { code } } }', { token });
    await app.graphql('mutation { logout { status { code } } }', { token });
    expect(await app.sql('select type from kept')).toEqual([]);
    await app.sql('drop rule keep on deliveries');
    await app.sql('drop table kept');
  });
});

describe('a delivery', () => {
  it('is given up after three days, listed by `check`, counted, and swept a month later', async () => {
    obstacle = new Error('never');
    await app.register('hopeless');
    await until(async () => (await waiting()).some(({ attempts }) => attempts === 1));
    expect(await metric('queued')).toBe(1);
    await app.sql("update deliveries set happened_at = now() - interval '73 hours', next_attempt_at = now()");
    await until(async () => (await waiting()).some(({ next }) => next === null));
    expect(await metric('total{result="given_up"}')).toBe(1);
    expect(await metric('queued')).toBe(0);
    const { code, stdout } = await runManage(['check'], { beside: app });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^! events +1 deliveries of user\.created to listener will not be tried again; the oldest is of \d{4}-\d\d-\d\d/m,
    );
    expect((await runManage(['prune', '--json'], { beside: app })).stdout).toContain('"deliveries":0');
    await app.sql("update deliveries set happened_at = now() - interval '34 days'");
    expect((await runManage(['prune', '--json'], { beside: app })).stdout).toContain('"deliveries":1');
  });

  it('to a listener that no server has waits for one, and is listed when it is too late', async () => {
    await app.sql(
      `insert into deliveries (event_id, type, listener, data) values (gen_random_uuid(), 'user.created', 'next-version', '{}')`,
    );
    await app.register('meanwhile');
    await until(async () => told.length === 1 && (await waiting()).length === 1); // what was told is settled a moment later
    expect(await waiting()).toMatchObject([{ listener: 'next-version', attempts: 0 }]);
    expect((await runManage(['check'], { beside: app })).stdout).toMatch(/^✓ events/m);
    await app.sql("update deliveries set happened_at = now() - interval '5 days'");
    expect((await runManage(['check'], { beside: app })).stdout).toMatch(/^! events +1 deliveries of user\.created to next-version/m);
    await app.sql('delete from deliveries');
  });
});
