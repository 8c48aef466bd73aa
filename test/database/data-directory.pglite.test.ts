import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { failToStart, startServerProcess } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { createTestDatabase } from '../support/database/database.ts';
import { everythingIn, openToOthers } from '../support/database/open-to-others.ts';
import { until } from '../support/until.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A migrated database in a folder of its own. */
async function dataDir(): Promise<string> {
  const { env, drop } = await createTestDatabase();
  cleanUp.push(drop);
  return env.DATA_DIR;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'graphql-token-auth-data-'));
  cleanUp.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

const openUp = (directory: string) => {
  for (const path of everythingIn(directory)) chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : 0o644);
};

describe('DATA_DIR', () => {
  it('that others could read is for its owner only once the server runs, mails and what is written later included', async () => {
    const directory = await dataDir();
    mkdirSync(join(directory, 'outbox'));
    for (const name of ['server.lock', 'server.pid', 'outbox/old.eml']) writeFileSync(join(directory, name), '');
    openUp(directory);
    const server = await startServerProcess({ DATA_DIR: directory });
    cleanUp.push(() => server.stop('SIGKILL'));
    expect(openToOthers(directory)).toEqual([]);
    await graphqlClient(server.url).register('mailed', { email: 'mailed@example.com' });
    await until(() => readdirSync(join(directory, 'outbox')).length === 2);
    await server.stop();
    expect(openToOthers(directory)).toEqual([]);
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(directory, 'pglite', 'PG_VERSION')).mode & 0o777).toBe(0o600);
  });

  it('may be a link, and what is not the server’s in it is left alone', async () => {
    const directory = await dataDir();
    writeFileSync(join(directory, 'notes.txt'), '', { mode: 0o644 });
    const link = join(await folder(), 'link');
    symlinkSync(directory, link);
    expect(await runManage(['prune'], { env: { DATA_DIR: link } })).toMatchObject({ code: 0, stderr: '' });
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(directory, 'notes.txt')).mode & 0o777).toBe(0o644);
  });

  it('is not a folder that every user of the machine may write to', async () => {
    const shared = await folder();
    chmodSync(shared, 0o1777);
    const { code, stderr } = await failToStart({ DATA_DIR: shared });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `DATA_DIR cannot be used: ${shared} is a folder that every user of this machine may write to. Choose one of its own, such as ${join(shared, 'graphql-token-auth')}.\n`,
    });
    expect(lstatSync(shared).mode & 0o7777).toBe(0o1777);
  });
});

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/**
 * Starts the server as a user without rights, whom these tests have to become root for, or as the one who runs them.
 * @param wrapper what to run it in
 */
async function failAsNobody(directory: string, wrapper: readonly string[] = []): Promise<{ code: number | null; stderr: string }> {
  const command = [...wrapper, process.execPath, 'src/start.js'];
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', DATA_DIR: directory, NODE_COMPILE_CACHE: '/nonexistent' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot && wrapper.length === 0 && { uid: NOBODY, gid: NOBODY }),
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 40_000);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  clearTimeout(limit);
  return { code, stderr };
}

const give = (directory: string, uid: number) => {
  for (const path of everythingIn(directory)) chownSync(path, uid, uid);
};

/** One line, without a stack. */
const sentence = (stderr: string): string => {
  expect(stderr).toMatch(/^DATA_DIR cannot be used: [^\n]+\.\n$/);
  return stderr.slice('DATA_DIR cannot be used: '.length).trimEnd();
};

describe.runIf(isRoot)('a folder that the user of the server has no rights to', () => {
  const ROOTS = `belongs to another user (uid 0; this one is ${NOBODY}). Start as that user, or give DATA_DIR and all in it to this one with \`chown -R\`.`;

  it('is refused when it cannot be made', async () => {
    const directory = join(await folder(), 'data');
    chmodSync(join(directory, '..'), 0o755);
    const { code, stderr } = await failAsNobody(directory);
    expect(code).toBe(1);
    const advice = 'Give it the right to (`chmod -R u+rwX`), or choose another folder.';
    expect(sentence(stderr)).toBe(`${directory} cannot be made by this user (EACCES). ${advice}`);
  });

  it.each([0o700, 0o755, 0o777])('is refused when it is another user’s, with mode %o', async (mode) => {
    const directory = await dataDir();
    chmodSync(directory, mode);
    const { code, stderr } = await failAsNobody(directory);
    expect(code).toBe(1);
    expect(sentence(stderr)).toBe(`${directory} ${ROOTS}`);
  });

  it('is refused when a single file of the database is another user’s', async () => {
    const directory = await dataDir();
    give(directory, NOBODY);
    const stray = join(directory, 'pglite', 'global', 'pg_control');
    chownSync(stray, 0, 0);
    chmodSync(stray, 0o600);
    const { code, stderr } = await failAsNobody(directory);
    expect(code).toBe(1);
    expect(sentence(stderr)).toBe(`${stray} ${ROOTS}`);
  });

  it('is refused when its owner may not write to it', async () => {
    const directory = await dataDir();
    give(directory, NOBODY);
    chmodSync(directory, 0o500);
    const { code, stderr } = await failAsNobody(directory);
    expect(code).toBe(1);
    expect(sentence(stderr)).toMatch(`${directory} cannot be written to by this user (EACCES). Give it the right to`);
  });

  it('is refused on a file system that is read-only, to root as well', async () => {
    const directory = await dataDir();
    const readOnly = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', directory];
    const { code, stderr } = await failAsNobody(directory, readOnly);
    expect(code).toBe(1);
    expect(sentence(stderr)).toMatch(
      /: the file system is read-only\. Choose another folder, or set DATABASE_URL to a PostgreSQL server\.$/,
    );
  });

  it('works once it is given to that user', async () => {
    const directory = await dataDir();
    give(directory, NOBODY);
    writeFileSync(join(directory, 'pglite', 'PG_VERSION'), '17\n'); // so that it ends by itself, and behind the checks
    const { stderr } = await failAsNobody(directory);
    expect(stderr).toContain('was made by PostgreSQL 17');
  });
});

describe('files that the embedded database cannot read', () => {
  it('of another version of PostgreSQL are refused with what to do, by the server and by check', async () => {
    const directory = await dataDir();
    writeFileSync(join(directory, 'pglite', 'PG_VERSION'), '17\n');
    const message =
      `The embedded database in ${join(directory, 'pglite')} was made by PostgreSQL 17, and this version of the server brings 18. ` +
      'Start the version that made it, or take its data along: docs/operations.md, “A new major version of the embedded database”.';
    expect(readFileSync('docs/operations.md', 'utf8')).toContain('\n### A new major version of the embedded database\n');
    expect(await failToStart({ DATA_DIR: directory })).toEqual({ code: 1, stderr: `${message}\n` });
    const { code, stdout } = await runManage(['check', '--json'], { env: { DATA_DIR: directory } });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings).toContainEqual({ area: 'database', status: 'error', message });
  });

  it('that are broken are refused in one sentence, and the folder is free again', async () => {
    const directory = await dataDir();
    writeFileSync(join(directory, 'pglite', 'global', 'pg_control'), 'nonsense');
    for (let n = 0; n < 2; n++) {
      const { code, stderr } = await failToStart({ DATA_DIR: directory });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^The embedded database in \S+ does not open: [^\n]+ Restore a backup of that folder, or choose another DATA_DIR\.\n$/,
      );
    }
  });
});
