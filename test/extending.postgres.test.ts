import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { markedBlocks } from './support/documents/snippets.ts';
import { copyProject, follow } from './support/documents/walk.ts';

const folders = ['src', 'migrations', 'schema', 'test', 'docs', 'examples/notes', 'examples/authors'];
const files = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'schema.graphql', 'CHANGELOG.md', 'README.md'];

it('docs/extending.md leads to a server with notes, and its tests pass', { timeout: 170_000 }, async () => {
  const { folder, remove } = await copyProject([...folders, ...files]);
  onTestFinished(remove);
  const env = { TEST_DATABASE_URL: inject('postgresServer') ?? '', NO_COLOR: '1' };
  let printed = '';
  for (const block of markedBlocks('docs/extending.md')) printed += await follow(block, folder, env);
  expect(printed).toMatch(/Tests +\d+ passed/);
  for (const tested of [
    'app/notes/notes.test.ts',
    'app/authors/authors.test.ts',
    'test/graphql/schema-driven.test.ts',
    'test/database/migrations.test.ts',
  ]) {
    expect(printed).toContain(tested);
  }
  const sdl = readFileSync(join(folder, 'schema.graphql'), 'utf8');
  expect(sdl).toMatch(/notes\([^)]*\): NoteConnection @authenticated/);
  expect(sdl).toMatch(/authors\([^)]*\): AuthorConnection @requiresScopes\(scopes: \[\["editor"\]\]\)/);
  expect(sdl).toMatch(/createNote\([^)]*\): CreateNotePayload @authenticated/);
});
