import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FILE = 'NODE_ENV=production\r\nPORT=4321\r\n';
const MARK = '\ufeff';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-dotenv-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a program of ours in that folder. */
async function run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [program = '', ...rest] = args;
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, HOST: '127.0.0.1' };
  const child = spawn(process.execPath, [resolve(program), ...rest], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

const bigEndian = (content: string): Buffer => Buffer.from(content, 'utf16le').swap16();

describe('a .env file', () => {
  it.each([
    ['without a byte-order mark', FILE],
    ['with one', MARK + FILE],
  ])('%s is read, its first variable included', async (_what, content) => {
    writeFileSync(join(folder, '.env'), content);
    const { stdout } = await run('src/manage.ts', 'check', '--json');
    expect(JSON.parse(stdout).findings[0]).toEqual({ area: 'configuration', status: 'ok', message: 'Valid, for production.' });
  });

  const utf16 = 'The file .env is in UTF-16, as some Windows programs save it: save it as UTF-8.\n';
  it.each([
    ['in UTF-16', Buffer.from(MARK + FILE, 'utf16le'), utf16],
    ['in UTF-16 with its bytes swapped', bigEndian(MARK + FILE), utf16],
    ['in UTF-16 without a byte-order mark', Buffer.from(FILE, 'utf16le'), utf16],
    ['in Latin-1', Buffer.from('EMAIL_FROM="J\xf6rg <j@example.com>"', 'latin1'), 'The file .env is not in UTF-8: save it as UTF-8.\n'],
  ])('%s is refused by the server and by commands in a sentence', async (_what, content, stderr) => {
    writeFileSync(join(folder, '.env'), content);
    expect(await run('src/start.js')).toEqual({ code: 1, stdout: '', stderr });
    expect(await run('src/manage.ts', 'check')).toEqual({ code: 1, stdout: '', stderr });
  });

  it('that cannot be read is refused in a sentence', async () => {
    mkdirSync(join(folder, '.env'));
    expect(await run('src/start.js')).toEqual({ code: 1, stdout: '', stderr: 'The file .env cannot be read (EISDIR).\n' });
  });
});

it('a secret from a file with a byte-order mark is read right, and one in UTF-16 is refused', async () => {
  writeFileSync(join(folder, 'url'), `${MARK}postgres://127.0.0.1:1/app\r\n`);
  writeFileSync(join(folder, '.env'), 'DATABASE_URL_FILE=url\n');
  expect((await run('src/manage.ts', 'check')).stdout).toContain('ECONNREFUSED 127.0.0.1:1');
  writeFileSync(join(folder, 'url'), Buffer.from(`${MARK}postgres://127.0.0.1:1/app`, 'utf16le'));
  const { stdout } = await run('src/manage.ts', 'check');
  expect(stdout).toContain('DATABASE_URL_FILE must name a readable file in UTF-8 that is not empty');
});
