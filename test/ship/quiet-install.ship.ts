import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'install-'));
beforeAll(() => {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(file, join(folder, file));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What npm has to say of the installation, with the Node of the system. */
const warningsOf = (...args: string[]): string[] => {
  const { stderr, status } = spawnSync('npm', ['ci', '--dry-run', ...args], { cwd: folder, encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr.split('\n').filter((line) => line !== '');
};

it('npm ci says nothing that calls for no action', () => {
  expect(warningsOf()).toEqual([]);
});

it('and all that it keeps to itself is that the Node of the system is older than packages want', () => {
  expect(warningsOf('--loglevel=warn').filter((line) => !line.startsWith('npm warn EBADENGINE'))).toEqual([]);
});

it('an error is still said', () => {
  execFileSync('npm', ['pkg', 'set', 'dependencies.pg=0.0.0-none'], { cwd: folder });
  expect(spawnSync('npm', ['ci', '--dry-run'], { cwd: folder, encoding: 'utf8' }).stderr).toContain('npm error notarget');
});
