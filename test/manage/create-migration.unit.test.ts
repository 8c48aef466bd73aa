import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, describe, expect, it } from 'vitest';
import type { Feature } from '../../src/shared/feature.ts';
import { runManage } from '../support/app/manage.ts';

const scratch = mkdtempSync(join(tmpdir(), 'create-migration-'));
afterAll(() => rmSync(scratch, { recursive: true }));
symlinkSync(resolve('node_modules'), join(scratch, 'node_modules'));

/** A default with everything that a template literal would take for its own. */
const Odd = defineEntity({
  name: 'Odd',
  tableName: 'odd_things',
  properties: { id: p.integer().primary(), text: p.string().length(40).default(['`a`', '$', '{b}', '\\;'].join('')) },
});

const folder = join(scratch, 'migrations');
const things: Feature = { name: 'things', entities: [Odd], migrations: pathToFileURL(folder) };
const create = (args: readonly string[], app: readonly Feature[], env: Record<string, string> = {}) =>
  runManage(['create-migration', ...args], { app, env });

describe('create-migration', { timeout: 120_000 }, () => {
  it('writes what is missing, dated behind every other migration, and has nothing to write when that is applied', async () => {
    const { code, stdout, stderr } = await create(['odd'], [things]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('create table "odd_things"');
    const [file = ''] = readdirSync(folder);
    expect(file).toMatch(/^Migration\d{14}_odd\.ts$/);
    expect(file > (readdirSync('migrations').sort().at(-1) ?? '')).toBe(true);
    expect(readFileSync(join(folder, file), 'utf8')).toContain('override up(): void {');
    expect(await create(['--json'], [things])).toMatchObject({ code: 0, stdout: '{"file":null,"statements":[]}\n' });
    expect(readdirSync(folder)).toEqual([file]);
  });

  it('writes JavaScript for an app in JavaScript', async () => {
    const js: Feature = { ...things, migrations: pathToFileURL(join(scratch, 'js')) };
    const { code } = await create([], [js], { GRAPHQL_TOKEN_AUTH_APP: 'file:///app.js' });
    const [file = ''] = readdirSync(join(scratch, 'js'));
    expect([code, file]).toEqual([0, expect.stringMatching(/^Migration\d{14}_changes\.js$/)]);
    expect(readFileSync(join(scratch, 'js', file), 'utf8')).toContain('  up() {');
  });

  it.each<[string, readonly Feature[], readonly string[], string]>([
    ['the app has no folder', [], [], 'The app names no folder for its migrations.'],
    [
      'several have one',
      [things, { ...things, name: 'more' }],
      [],
      'Name the feature that the migration belongs to: --feature things or --feature more.',
    ],
    ['the one named has none', [things], ['--feature', 'other'], 'Name the feature that the migration belongs to: --feature things.'],
  ])('writes nothing when %s', async (_what, app, args, sentence) => {
    const { code, stdout, stderr } = await create(args, app);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it.each(['Posts', '../posts', 'a-b', ''])('%j is no name for a migration', async (name) => {
    const { code, stderr } = await create([name], [things]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('It must be lower-case letters, digits and underscores')]);
  });
});
