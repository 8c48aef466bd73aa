import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { JSON_TYPE } from '../../support/client/graphql-client.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const bodyFor = (username: string): string => {
  const input = `{ username: "${username}", password: "tr0mbone-Quartz-11" }`;
  return JSON.stringify({ query: `mutation { register(input: ${input}) { status { code } errors { code } } }` });
};

const bytesFor = (username: string, connection: string): string => {
  const body = bodyFor(username);
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: x',
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${body.length}`,
    `Connection: ${connection}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};

/** What each registration leaves behind, counted. */
async function traces(): Promise<Record<string, unknown>[]> {
  return app.sql(`select username,
    (select count(*)::int from tokens where user_id = users.id) as tokens,
    (select count(*)::int from security_events where user_id = users.id) as events
    from users order by username`);
}

describe('no request is executed twice', () => {
  it('one by itself', async () => {
    await app.register('alone');
    expect(await traces()).toEqual([{ username: 'alone', tokens: 1, events: 1 }]);
    expect(app.alarms()).toEqual([]);
  });

  it('two that come at once over one connection: both in turn, answered in order', async () => {
    const received = await overOneConnection(app.url, bytesFor('first', 'keep-alive') + bytesFor('second', 'close'));
    expect([...received.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '200']);
    expect(received.match(/200 OK"/g)).toHaveLength(2);
    expect(await traces()).toEqual(['first', 'second'].map((username) => ({ username, tokens: 1, events: 1 })));
  });

  it('the same one twice over one connection: the second finds the name taken', async () => {
    const received = await overOneConnection(app.url, bytesFor('twin', 'keep-alive') + bytesFor('twin', 'close'));
    expect(received.match(/200 OK"|400 BAD REQUEST"|UNIQUE/g)).toEqual(expect.arrayContaining(['200 OK"', '400 BAD REQUEST"', 'UNIQUE']));
    expect(await traces()).toEqual([{ username: 'twin', tokens: 1, events: 1 }]);
  });

  it('several in turn over a connection that is kept alive', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const names = ['a', 'b', 'c'];
    const reused: boolean[] = [];
    for (const name of names) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = request(`${app.url}/graphql`, { method: 'POST', agent, headers: { 'Content-Type': JSON_TYPE } });
        outgoing.on('error', reject).on('response', async (incoming) => {
          expect(await json(incoming)).toMatchObject({ data: { register: { status: { code: '200 OK' } } } });
          reused.push(outgoing.reusedSocket);
          resolve();
        });
        outgoing.setHeader('Content-Length', bodyFor(name).length).end(bodyFor(name));
      });
    }
    agent.destroy();
    expect(reused).toEqual([false, true, true]);
    expect(await traces()).toEqual(names.map((username) => ({ username, tokens: 1, events: 1 })));
  });
});
