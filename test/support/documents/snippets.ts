import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where docs/clients.md says that the server is. */
const ADDRESS = 'http://127.0.0.1:4000';

/** The code in docs/clients.md, as a project of its own. */
export type Snippets = { readonly folder: string; readonly files: readonly string[]; readonly remove: () => Promise<void> };

/** A block of code that is marked `<!-- tested: name -->`. */
export type MarkedBlock = { readonly name: string; readonly language: string; readonly code: string };

/** The marked blocks of a Markdown file, in its order. */
export function markedBlocks(file: string): MarkedBlock[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/<!-- tested: (\S+) -->\n+```(\w+)\n(.*?)```/gs);
  return [...blocks].map(([, name = '', language = '', code = '']) => ({ name, language, code }));
}

/**
 * Writes every block that is marked `<!-- tested: name -->` to a file of that name.
 * @param url of the server that they talk to instead of the document's
 * @param documents where they are; what comes later takes the place of what has its name
 */
export async function extractSnippets(url = ADDRESS, documents: readonly string[] = ['docs/clients.md']): Promise<Snippets> {
  const blocks = documents.flatMap(markedBlocks);
  const snippets = blocks.map(({ name, code }) => ({ file: name, code: inPlace(name, code).replaceAll(ADDRESS, url) }));
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const { file, code } of snippets) await writeFile(join(folder, file), code);
  return { folder, files: snippets.map(({ file }) => file), remove: () => rm(folder, { recursive: true }) };
}

/** Apollo Client 3 is installed under another name beside 4, and Node wants the file where bundlers take the folder. */
function inPlace(file: string, code: string): string {
  return file === 'apollo-3.ts' ? code.replaceAll(/'@apollo\/client(\/[\w/]+)?'/g, "'apollo-client-3$1/index.js'") : code;
}
