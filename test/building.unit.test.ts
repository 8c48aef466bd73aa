import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { markedBlocks } from './support/documents/snippets.ts';

const shown = markedBlocks('docs/building.md');

it.each(shown)('docs/building.md shows $name as it is', ({ name, code }) => {
  expect(code).toBe(readFileSync(name, 'utf8'));
});

it('the project that init writes and the blog have the versions of this clone', () => {
  const ours = JSON.parse(readFileSync('package.json', 'utf8')).devDependencies;
  for (const project of ['skeleton', 'examples/blog']) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(`${project}/package.json`, 'utf8'));
    expect(dependencies).toEqual({ 'graphql-token-auth': '*' });
    expect(ours).toMatchObject(devDependencies);
  }
});
