import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function freePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  return String(typeof address === 'object' ? address?.port : address);
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

it('an example starts the server and its page, whose links are in the mails, and stops both', async () => {
  const [port, pagePort] = [await freePort(), await freePort()];
  const [api, page] = [`http://127.0.0.1:${port}`, `http://localhost:${pagePort}`];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', BCRYPT_COST: '4', PORT: port, ...database.env };
  const example = spawn(process.execPath, ['examples/start.ts', 'urql-react', pagePort], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  example.stdout.on('data', (chunk) => (output += chunk));
  const ended = once(example, 'exit');
  try {
    await until(async () => (await answers(`${api}/readyz`)) && (await answers(page)), 30_000);
    await graphqlClient(page).register('ann', { email: 'ann@example.org' });
    await until(() => output.includes(`${page}/verify-email?token=`));
    expect(await (await fetch(`${page}/verify-email?token=x`)).text()).toContain('main.tsx');
  } finally {
    example.kill();
  }
  expect(await ended).toEqual([0, null]);
  expect([await answers(`${api}/readyz`), await answers(page)]).toEqual([false, false]);
});
