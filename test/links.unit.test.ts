import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const documents = globSync(['*.md', 'docs/*.md', 'examples/**/README.md']).sort();

const linksOf = (document: string) => {
  const prose = readFileSync(document, 'utf8').replaceAll(/```.*?```/gs, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
};

/** A heading's anchor, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (document: string) => {
  const prose = readFileSync(document, 'utf8').replaceAll(/```.*?```/gs, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading.trim()));
};

const links = documents.flatMap((document) => linksOf(document).map((target) => ({ document, target })));

it.each(links)('the link $target in $document leads to a file and a heading that exist', ({ document, target }) => {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? document : normalize(join(dirname(document), path));
  expect(existsSync(file), file).toBe(true);
  if (heading !== undefined) expect(anchorsOf(file)).toContain(heading);
});
