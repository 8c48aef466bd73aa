import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, untilReady } from './support/app/server-process.ts';
import { createTestDatabase, type TestDatabase } from './support/database/database.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** As a process manager starts it: through npm, whose shell is what this system calls sh. */
function npmStart(env: Record<string, string>): Promise<ServerProcess> {
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
  const own = {
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    BCRYPT_COST: '10',
    SHUTDOWN_DELAY: '0',
    npm_config_update_notifier: 'false',
  };
  const child = spawn('npm', ['--silent', 'start'], {
    env: { ...inherited, ...own, ...database.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return untilReady(child);
}

const isGone = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

it('a SIGTERM to npm stops the server', async () => {
  const server = await npmStart({});
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  await server.stop('SIGTERM');
  await until(() => isGone(server.url));
});

it('in production everything on standard output is JSON, from the variables that nothing reads to what a stop waits for', async () => {
  const server = await npmStart({ NODE_ENV: 'production', DATABASE_URI: 'postgres://db/app', SHUTDOWN_DELAY: '1s' });
  await fetch(`${server.url}/livez`);
  await server.stop('SIGTERM');
  await until(() => isGone(server.url));
  const lines = server.output().trim().split('\n');
  const messages = lines.map((line): string => JSON.parse(line).msg);
  expect(messages).toContain('DATABASE_URI is not a setting of this server. Did you mean DATABASE_URL?');
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ msg: 'the server is ready', api: `${server.url}/graphql`, workers: 1, graphiql: false }),
  );
  expect(messages.at(-1)).toBe(
    'stopping: waits for 1 s for load balancers to notice (SHUTDOWN_DELAY), then for requests that are running (20 s at most) and mails that are being sent',
  );
});

it('Ctrl-C says what it waits for while a request runs', async () => {
  const server = await npmStart({});
  const { hostname, port } = new URL(server.url);
  const request = connect(Number(port), hostname).on('error', () => {});
  request.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'); // and no more
  await once(request, 'connect');
  await fetch(`${server.url}/livez`); // which comes after it
  const ended = server.stop('SIGINT');
  await until(() => server.output().includes('stopping: waits for requests that are running (20 s at most) and mails'));
  expect(await isGone(`${server.url}/livez`)).toBe(true);
  request.destroy();
  await ended;
});
