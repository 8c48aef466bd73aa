import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServerProcess } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { until } from '../support/until.ts';
import { record } from './report.ts';

const KILLS = 50;
const WRITERS = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-embedded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the embedded database survives kill -9 under writes: it opens again, with all that was acknowledged', async () => {
  const env = { DATA_DIR: folder, THROTTLE: 'off', LOG_LEVEL: 'error' };
  const tokens: string[] = [];
  for (let n = 0; n < KILLS; n++) {
    const server = await startServerProcess(env);
    const before = tokens.length;
    let killed = false;
    const writer = async (_: unknown, m: number) => {
      const { register } = graphqlClient(server.url);
      for (let k = 0; !killed; k++) {
        const issued = await register(`writer-${n}-${m}-${k}`).catch(() => null);
        if (issued) tokens.push(issued.token);
      }
    };
    const writing = Array.from({ length: WRITERS }, writer);
    await until(() => tokens.length > before, 60_000);
    await setTimeout(randomInt(0, 400)); // in the middle of what follows
    killed = true;
    await server.stop('SIGKILL');
    await Promise.all(writing);
    if (n % 10 === 9) process.stdout.write(`  ${n + 1} of ${KILLS} killed, ${tokens.length} acknowledged\n`);
  }
  const last = await startServerProcess(env);
  const { graphql } = graphqlClient(last.url);
  let missing = 0;
  for (const token of tokens) if ((await graphql('{ me { username } }', { token })).status !== 200) missing++;
  record({
    fault: `embedded database, kill -9 under writes, ${KILLS} times`,
    expected: 'opens every time; no acknowledged row missing',
    measured: `opened ${KILLS} times; ${missing} of ${tokens.length} missing`,
  });
  expect(missing).toBe(0);
  expect(await last.stop()).toBe(0);
});
