import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { markedBlocks } from './support/documents/snippets.ts';

const EXAMPLE = 'examples/notes';
const shown = markedBlocks('docs/extending.md').filter(({ language }) => language === 'ts');

it.each(shown)('docs/extending.md shows $name as it is', ({ name, code }) => {
  expect(code).toBe(readFileSync(join(EXAMPLE, name), 'utf8'));
});

it('docs/extending.md shows every file of the example', () => {
  expect(shown.map(({ name }) => name).sort()).toEqual(globSync('**/*.*', { cwd: EXAMPLE }).sort());
});
