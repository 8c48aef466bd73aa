import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, describe, expect, it } from 'vitest';
import { unpackCluster } from '../../src/database/embedded-cluster.ts';
import { type ServerProcess, startServerProcess } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { until } from '../support/until.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-first-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(folder: string): Promise<ServerProcess> {
  const server = await startServerProcess({ DATA_DIR: folder, THROTTLE: 'off' });
  cleanUp.push(() => server.stop('SIGKILL'));
  return server;
}

/** Megabytes. @param what VmHWM: the most that it ever had; VmRSS: what it has */
const memoryOf = (pid: number, what: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe.runIf(existsSync('/proc/self/status'))('a small machine', () => {
  it('has the memory for the first start on the embedded database, for the work after it, and for the next start', async () => {
    const folder = await emptyFolder();
    for (const username of ['first', 'next']) {
      const server = await start(folder);
      for (let n = 0; n < 20; n++) await graphqlClient(server.url).register(`${username}-${n}`);
      expect(memoryOf(server.pid, 'VmHWM')).toBeLessThan(500);
      await server.stop();
    }
  });

  it('gets back what a start needed and nothing else does', async () => {
    const { pid } = await start(await emptyFolder());
    await until(() => memoryOf(pid, 'VmRSS') < 300);
  });
});

describe('the files of a new embedded database', () => {
  it('are those that initdb makes, of the same version', async () => {
    const folder = join(await emptyFolder(), 'pglite');
    await unpackCluster(folder);
    const [unpacked, made] = [await PGlite.create(folder), await PGlite.create()];
    cleanUp.push(
      () => unpacked.close(),
      () => made.close(),
    );
    for (const about of [
      'select version()',
      'select datname, encoding, datcollate, datctype, datlocprovider, datlocale from pg_database order by datname',
      'select rolname, rolsuper from pg_roles order by rolname',
      'select name, setting from pg_settings order by name',
      'select count(*) from pg_proc',
    ]) {
      expect((await unpacked.query(about)).rows).toEqual((await made.query(about)).rows);
    }
  });

  it('are all there or not at all: what does not fit is said, and the next start begins anew', async () => {
    const folder = await emptyFolder();
    const cramped = ['-c', `ulimit -f 8000; exec ${process.execPath} src/start.js`]; // blocks of 512 bytes, for each file
    const child = spawn('sh', cramped, {
      env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`${join(folder, 'pglite')} does not open: EFBIG`) });
    expect(existsSync(join(folder, 'pglite'))).toBe(false);
    const server = await start(folder);
    await graphqlClient(server.url).register('ann');
    expect(existsSync(join(folder, 'pglite.new'))).toBe(false);
  });
});
