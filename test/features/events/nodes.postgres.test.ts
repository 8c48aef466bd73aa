import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Delivered, Feature } from 'graphql-token-auth';
import { expect, it } from 'vitest';
import { type ServerProcess, untilReady } from '../../support/app/server-process.ts';
import { createTestApp } from '../../support/app/test-app.ts';
import { graphqlClient } from '../../support/client/graphql-client.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

it('three nodes on one database deliver each event once, never two of them at a time', async () => {
  const database = await createTestDatabase();
  const [running, most, told] = [new Map<string, number>(), [] as number[], [] as string[]];
  const hear = async ({ id, user, em }: Delivered<'user.created'>) => {
    running.set(id, (running.get(id) ?? 0) + 1);
    most.push(running.get(id) ?? 0);
    await em.execute('select pg_sleep(0.05)');
    running.set(id, (running.get(id) ?? 0) - 1);
    told.push(user.username);
  };
  const app: Feature[] = [{ name: 'listener', after: { 'user.created': hear } }];
  const nodes = await Promise.all([1, 2, 3].map(() => createTestApp({ app, on: database })));
  const people = Array.from({ length: 30 }, (_, n) => `person-${n}`);
  await Promise.all(people.map((name, n) => nodes[n % 3]?.register(name)));
  await until(async () => (await nodes[0]?.sql('select 1 from deliveries'))?.length === 0);
  expect(told.sort()).toEqual(people.sort());
  expect(Math.max(...most)).toBe(1);
  await Promise.all(nodes.map(({ close }) => close()));
  await database.drop();
});

it('a server that is killed between the commit and the delivery, or in the middle of it, loses no event', async () => {
  const database = await createTestDatabase();
  const onlooker = await createTestApp({ on: database });
  const heard: { id: string; user: { username: string } }[] = [];
  let isDeaf = true;
  const ear = createServer(async (request, response) => {
    heard.push(JSON.parse(await text(request)));
    if (!isDeaf) response.end();
  });
  await once(ear.listen(0, '127.0.0.1'), 'listening');
  const address: AddressInfo | string | null = ear.address();
  const HEARD_AT = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const start = (): Promise<ServerProcess> => {
    const env = { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', BCRYPT_COST: '4', THROTTLE: 'off', HEARD_AT, ...database.env };
    return untilReady(spawn(process.execPath, ['test/features/events/listening-server.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  };

  let server = await start();
  await graphqlClient(server.url).register('in-the-middle');
  await until(() => heard.length === 1);
  await server.stop('SIGKILL');
  isDeaf = false;
  for (let n = 0; n < 3; n++) {
    server = await start();
    await graphqlClient(server.url).register(`right-after-${n}`);
    await server.stop('SIGKILL');
  }
  expect(await onlooker.sql('select 1 from deliveries')).not.toEqual([]);
  await onlooker.sql('update deliveries set next_attempt_at = now()'); // the leases of the dead
  server = await start();
  await until(async () => (await onlooker.sql('select 1 from deliveries')).length === 0);
  await server.stop();
  const names = new Map(heard.map(({ id, user }) => [id, user.username]));
  expect([...names.values()].sort()).toEqual(['in-the-middle', 'right-after-0', 'right-after-1', 'right-after-2']);
  ear.closeAllConnections();
  ear.close();
  await onlooker.close();
  await database.drop();
});
