import { readFileSync } from 'node:fs';
import { changesBetween, undeclared } from './changes.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

const changes = await changesBetween(read('released.graphql'), read('../schema.graphql'));
const silent = undeclared(changes, read('../CHANGELOG.md'));

console.log(changes.length === 0 ? 'schema.graphql is as it was released.' : 'schema.graphql since the last release:');
for (const { level, path, message } of changes) console.log(`${level.padEnd(12)}  ${path}: ${message}`);
if (silent.length > 0) {
  const paths = silent.map(({ path }) => `\`${path}\``).join(', ');
  console.error(`\nThis breaks clients. Undo it, or say it in CHANGELOG.md, under “### Breaking” of the unreleased version: ${paths}`);
  process.exitCode = 1;
}
