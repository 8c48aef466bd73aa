import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failToStart, type ServerProcess, startServerProcess } from '../support/app/server-process.ts';
import { createTestDatabase } from '../support/database/database.ts';
import { openToOthers } from '../support/database/open-to-others.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function embedded() {
  const { env, drop } = await createTestDatabase();
  cleanUp.push(drop);
  return env;
}

async function start(env: Record<string, string>): Promise<ServerProcess> {
  const server = await startServerProcess(env);
  cleanUp.push(() => server.stop('SIGKILL'));
  return server;
}

describe('the very first start', () => {
  it('makes the database in a folder that is not there yet, for its owner only', async () => {
    const folder = join((await embedded()).DATA_DIR, 'not');
    const env = { DATA_DIR: join(folder, 'there', 'yet') };
    expect((await fetch(`${(await start(env)).url}/readyz`)).status).toBe(200);
    expect(openToOthers(folder)).toEqual([]);
    expect(statSync(join(env.DATA_DIR, 'pglite', 'PG_VERSION')).mode & 0o777).toBe(0o600);
  });
});

describe('a second process on the same embedded database', () => {
  it('is refused, with the pid of the first and what to do', async () => {
    const env = await embedded();
    const first = await start(env);
    const { code, stderr } = await failToStart(env);
    expect(code).toBe(1);
    expect(stderr).toContain(`in use by process ${first.pid}`);
    expect(stderr).toContain('DATABASE_URL');
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it('takes over at once from one that was killed with kill -9', async () => {
    const env = await embedded();
    const first = await start(env);
    await first.stop('SIGKILL');
    const second = await start(env);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  });

  it('of five that start together on what a dead one left, one wins', async () => {
    const env = await embedded();
    await (await start(env)).stop('SIGKILL');
    const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => start(env)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
