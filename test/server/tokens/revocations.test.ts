import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { until } from '../../support/until.ts';

type Event = { event: string; id: string | null; data: { token_id?: string } };

let app: TestApp;
let api: { id: string; token: string };
beforeAll(async () => {
  app = await createTestApp();
  api = await app.register('api');
  await app.sql(`update users set scopes = '{introspect}' where id = ?`, [api.id]);
});
afterAll(() => app.close());

const parse = (block: string): Event => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? '{}') };
};

/** Reads the stream until the test is over. */
async function follow({ token = api.token, lastEventId = '' } = {}) {
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const headers = { Authorization: `Token ${token}`, ...(lastEventId && { 'Last-Event-ID': lastEventId }) };
  const response = await fetch(`${app.url}/revocations`, { headers, signal: leave.signal });
  const events: Event[] = [];
  const state = { response, events, isOver: false, leave: () => leave.abort() };
  const read = async () => {
    let text = '';
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const blocks = `${text}${chunk}`.split('\n\n');
      text = blocks.pop() ?? '';
      events.push(...blocks.filter((block) => !block.startsWith(':')).map(parse));
    }
  };
  if (response.status === 200)
    read()
      .catch(() => {})
      .finally(() => (state.isOver = true));
  return state;
}
const endedIn = ({ events }: { events: Event[] }) => events.filter(({ event }) => event === 'ended').map(({ data }) => data.token_id);
const lastId = ({ events }: { events: Event[] }) => events.findLast(({ id }) => id !== null)?.id ?? '';

async function person(name: string) {
  const { id, token } = await app.register(name);
  const [row] = await app.sql('select id::text from tokens where user_id = ?', [id]);
  return { id, token, tokenId: String(row?.id) };
}
const logout = (token: string) => app.graphql('mutation { logout { status { code } } }', { token });

describe('/revocations', () => {
  it('is for callers with the scope introspect alone', async () => {
    const { token } = await app.register('curious');
    expect((await follow({ token })).response.status).toBe(403);
    expect((await follow({ token: 'unknown' })).response.status).toBe(401);
    const posted = await fetch(`${app.url}/revocations`, { method: 'POST', headers: { Authorization: `Token ${api.token}` } });
    expect(posted.status).toBe(405);
  });

  it('says where it begins, and then which tokens end, however they do', async () => {
    const stream = await follow();
    await until(() => stream.events.some(({ event }) => event === 'ready'));
    const people = await Promise.all(['out', 'sql', 'closed', 'gone'].map(person));
    const [out, bySql, closed, gone] = people;
    await logout(out?.token ?? '');
    await app.sql('delete from tokens where user_id = ?', [bySql?.id]);
    await app.sql('update users set is_active = false where id = ?', [closed?.id]);
    await app.sql('delete from users where id = ?', [gone?.id]);
    await until(() => people.every(({ tokenId }) => endedIn(stream).includes(tokenId)));
    expect(endedIn(stream)).toHaveLength(new Set(endedIn(stream)).size);
  });

  it('says when a token goes on, but its owner has other rights or another name', async () => {
    const ann = await person('promoted');
    const stream = await follow();
    await until(() => stream.events.length > 0);
    await app.sql(`update users set scopes = '{editor}' where id = ?`, [ann.id]);
    await until(() => stream.events.some(({ event, data }) => event === 'changed' && data.token_id === ann.tokenId));
    expect(endedIn(stream)).not.toContain(ann.tokenId);
  });

  it('goes on where a reader left off', async () => {
    const [missed, later] = [await person('missed'), await person('later')];
    const stream = await follow();
    await until(() => stream.events.length > 0);
    stream.leave();
    await logout(missed.token);
    const again = await follow({ lastEventId: lastId(stream) });
    await logout(later.token);
    await until(() => [missed, later].every(({ tokenId }) => endedIn(again).includes(tokenId)));
  });

  it.each(['1-1', '18446744073709551615-9999999999', '999999999999-4102444800', 'x', '1', '1-', '-1-1', "1'-1", '9'.repeat(40)])(
    'tells a reader whose place is not known any more to forget everything: %s',
    async (lastEventId) => {
      const stream = await follow({ lastEventId });
      await until(() => stream.events.length > 0);
      expect(stream.events[0]?.event).toBe('reset');
    },
  );

  it('ends with the token that follows it', async () => {
    const other = await person('follower');
    await app.sql(`update users set scopes = '{introspect}' where id = ?`, [other.id]);
    const stream = await follow({ token: other.token });
    await until(() => stream.events.length > 0);
    await logout(other.token);
    await until(() => stream.isOver);
    expect((await follow({ token: other.token })).response.status).toBe(401);
  });
});
