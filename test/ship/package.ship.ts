import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkOutWorkingTree } from './clean-checkout.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pack-'));
afterAll(() => rmSync(scratch, { recursive: true }));

type Packed = { readonly filename: string; readonly files: { readonly path: string }[] };

it('npm pack takes what runs and what is to be read, and nothing else; what it packed runs', () => {
  checkOutWorkingTree(join(scratch, 'source'));
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: join(scratch, 'source'), stdio: 'pipe' });
  const [packed]: [Packed] = JSON.parse(String(printed));
  const paths = packed.files.map(({ path }) => path);
  const top = [...new Set(paths.map((path) => path.split('/')[0]))].sort();
  const read = ['.env.example', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'deploy', 'docs', 'schema.graphql'];
  expect(top).toEqual([...read, 'app', 'migrations', 'package.json', 'src', 'web'].sort());
  expect(paths.filter((path) => /\.test\.|\.env$|^data\//.test(path))).toEqual([]);
  for (const folder of ['src', 'migrations']) {
    const ours = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(paths.filter((path) => path.startsWith(`${folder}/`))).toHaveLength(ours.length);
  }

  execFileSync('tar', ['-x', '-f', join(scratch, packed.filename), '-C', scratch]);
  const folder = join(scratch, 'package');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', DATA_DIR: join(scratch, 'data') };
  const migrated = execFileSync(process.execPath, ['src/manage.ts', 'migrate'], { cwd: folder, env, stdio: 'pipe' });
  expect(String(migrated)).toMatch(/Applied|No migrations/);
});
