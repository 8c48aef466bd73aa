import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { markedBlocks } from './support/documents/snippets.ts';

const files = ['notes', 'authors'].flatMap((example) => globSync(`examples/${example}/**/*.*`));
const shown = markedBlocks('docs/extending.md').filter(({ language }) => language === 'ts');

it.each(shown)('docs/extending.md shows $name as it is', ({ name, code }) => {
  const file = files.find((path) => path.endsWith(`/${name}`));
  expect(code).toBe(file && readFileSync(file, 'utf8'));
});

it('docs/extending.md shows every file of the examples', () => {
  expect(shown).toHaveLength(files.length);
});
