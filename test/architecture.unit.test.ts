import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The floors of src/, from the top down. The entry points, features.ts and index.ts stand on the roof. */
const floors = [
  '.',
  'testing',
  'manage',
  'server',
  'django',
  'features',
  'graphql',
  'services',
  'database',
  'observability',
  'config',
  'shared',
];

const files = globSync('**/*.{ts,js}', { cwd: 'src' });
const folders = [...new Set(files.map((file) => dirname(file)))];
const floorOf = (folder: string) => floors.indexOf(folder.split('/')[0] ?? '');

/** The folders that a file imports from, for types too. */
function importsOf(file: string): string[] {
  const imports = readFileSync(join('src', file), 'utf8').matchAll(/(?:from|import|import\() ?'(\.[^']+)'/g);
  return [...imports].map(([, path = '']) => dirname(join(dirname(file), path))).filter((folder) => !folder.startsWith('..'));
}

const importsFrom = new Map(
  folders.map((folder) => [folder, new Set(files.filter((file) => dirname(file) === folder).flatMap(importsOf))]),
);

/** All folders that a folder needs, over however many others. */
function reachable(folder: string, seen = new Set<string>()): Set<string> {
  for (const next of importsFrom.get(folder) ?? []) {
    if (next === folder || seen.has(next)) continue;
    seen.add(next);
    reachable(next, seen);
  }
  return seen;
}

describe('src', () => {
  it.each(folders)('%s stands on a floor', (folder) => {
    expect(floorOf(folder)).not.toBe(-1);
  });

  it.each(folders)('%s imports only from its own floor and from lower ones', (folder) => {
    const upward = [...(importsFrom.get(folder) ?? [])].filter((imported) => floorOf(imported) < floorOf(folder));
    expect(upward).toEqual([]);
  });

  it.each(folders)('%s is in no circle of folders', (folder) => {
    expect(reachable(folder).has(folder)).toBe(false);
  });
});
