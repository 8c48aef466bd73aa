import { once } from 'node:events';
import { publish } from 'graphql-token-auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTopics } from '../../../src/features/topics/topics.ts';
import { createLog } from '../../../src/observability/log.ts';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { type Subscription, subscribe } from '../../support/client/subscription.ts';
import { until } from '../../support/until.ts';
import { newsroom } from './newsroom.ts';

const NEWS = 'subscription { news { text } }';

let app: TestApp;
let ann: { token: string };
beforeAll(async () => {
  app = await createTestApp({ app: [newsroom] });
  ann = await app.register('ann');
});
afterAll(() => app.close());

const tell = (text: string, room?: string) =>
  app.graphql('mutation ($text: String!, $room: String) { tell(text: $text, room: $room) { status { code } } }', {
    variables: { text, room },
  });
const tellLater = (text: string, fail = false) =>
  app.graphql('mutation ($text: String!, $fail: Boolean!) { tellLater(text: $text, fail: $fail) { status { code } } }', {
    variables: { text, fail },
  });
const read = () => subscribe(app.url, NEWS, ann.token);
const hears = (subscription: Subscription, text: string) => until(() => subscription.received().includes(text));

describe('what is published to a topic', () => {
  it('reaches every subscriber of it, in order, and no other', async () => {
    const [one, two, room] = await Promise.all([read(), read(), subscribe(app.url, 'subscription { room(name: "kitchen") }', ann.token)]);
    for (const text of ['first', 'second', 'third']) await tell(text);
    await tell('soup', 'kitchen');
    await tell('wine', 'cellar');
    await tell('last');
    for (const reader of [one, two]) {
      await hears(reader, 'last');
      expect([...reader.received().matchAll(/"text":"(\w+)"/g)].map(([, text]) => text)).toEqual(['first', 'second', 'third', 'last']);
    }
    await hears(room, 'soup');
    expect(room.received()).not.toMatch(/wine|first/);
    for (const { leave } of [one, two, room]) leave();
  });

  it.each([
    { what: 'longer than a notification of PostgreSQL', text: 'x'.repeat(20_000) },
    { what: 'of as many bytes as a notification has', text: 'x'.repeat(7962) },
    { what: 'of one byte more', text: 'x'.repeat(7963) },
    { what: 'short in characters and long in bytes', text: '🥚'.repeat(3000) },
    { what: 'full of what JSON has to escape', text: '"\\\u0001\u2028'.repeat(1500) },
    { what: 'with a lone surrogate', text: 'a\ud800b' },
  ])('arrives whole when it is $what', async ({ text }) => {
    const reader = await read();
    await tell(text);
    await tell('over');
    await hears(reader, 'over');
    const [line = ''] = reader.received().match(/data: \{"data":\{"news"[^\n]*/) ?? [];
    expect(JSON.parse(line.slice('data: '.length)).data.news.text).toBe(text);
    reader.leave();
  });

  it('inside a transaction that fails is never heard', async () => {
    const reader = await read();
    expect((await tellLater('undone', true)).status).toBe(500);
    await tell('done');
    await hears(reader, 'done');
    expect(reader.received()).not.toContain('undone');
    reader.leave();
  });

  it('by a hook is heard when what it belongs to is done', async () => {
    const reader = await read();
    await app.register('guest');
    await hears(reader, 'Welcome, guest!');
    reader.leave();
  });

  it('is refused when it is too long, or goes to a topic with too long a name', async () => {
    expect((await tell('x', 'y'.repeat(200))).status).toBe(500);
    await expect(publish(app.database.orm.em.fork(), 'news', { text: 'x'.repeat(1_000_000) })).rejects.toThrow('longer than 1000000');
  });
});

describe('a subscription to a topic', () => {
  it('ends with its token', async () => {
    const { token } = await app.register('leaving');
    const reader = await subscribe(app.url, NEWS, token);
    await app.graphql('mutation { logout { status { code } } }', { token });
    expect(await reader.ended).toBe('completed');
    await tell('secret');
    expect(reader.received()).not.toContain('secret');
  });

  it('ends with an error when its client falls behind by more than a hundred', async () => {
    const { orm, listen } = app.database;
    const topics = createTopics({ em: orm.em, listen, log: createLog('silent', process.stdout) });
    const left = new AbortController();
    const slow = await topics.subscribe('room:slow', () => once(left.signal, 'abort'));
    const reader = slow[Symbol.asyncIterator]();
    const first = reader.next();
    await tell('0', 'slow');
    expect(await first).toEqual({ value: '0', done: false });
    for (let n = 1; n <= 101; n++) await tell(String(n), 'slow');
    const fast = await read();
    await tell('by now it has all of them');
    await hears(fast, 'by now');
    fast.leave();
    const outcomes = [];
    for (let n = 1; n <= 102; n++) outcomes.push(await reader.next().catch((error: Error) => error.message));
    expect(outcomes).toContain('Something may have been missed. Please subscribe again.');
    expect(outcomes.at(-1)).toEqual({ value: undefined, done: true });
    await topics.stop();
  });

  it('is refused to a stranger where the field says so', async () => {
    expect((await app.graphql(NEWS)).status).toBe(401);
  });
});

it('payloads that went by reference are swept when all have had time to read them', async () => {
  await app.sql('delete from published_payloads');
  await tell('x'.repeat(9000));
  await tell('y'.repeat(9000));
  await app.sql("update published_payloads set published_at = now() - interval '11 minutes' where payload like '%xxx%'");
  const { stdout } = await runManage(['prune', '--json'], { beside: app });
  expect(JSON.parse(stdout).deleted.published).toBe(1);
  expect(await app.sql('select left(payload, 9) as payload from published_payloads')).toEqual([{ payload: '{"text":"' }]);
});
