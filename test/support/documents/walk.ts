import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { MarkedBlock } from './snippets.ts';

/** A copy of the project to work in. */
export type Copy = { readonly folder: string; readonly remove: () => Promise<void> };

/** `app/app.ts` as it is shipped: walks begin there, also in a fork whose own app has a type of the same name. */
const SHIPPED_APP = `import { defineApp } from 'graphql-token-auth';

// Your own tables and fields: a folder each beside this file, and a line for it here. See docs/extending.md.
export default defineApp({
  features: [
    // notes,
  ],
});
`;

/** @param paths what to copy; packages and an empty app come along besides */
export async function copyProject(paths: readonly string[]): Promise<Copy> {
  const folder = await mkdtemp(join(tmpdir(), 'project-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await Promise.all(paths.map((path) => cp(path, join(folder, path), { recursive: true })));
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app/app.ts'), SHIPPED_APP);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Does what a `diff` or `sh` block of a document says, in a folder. @returns what a command printed */
export async function follow({ name, language, code }: MarkedBlock, folder: string, env: Record<string, string>): Promise<string> {
  if (language === 'sh') return run(code, folder, env);
  if (language === 'diff') edit(join(folder, name), code);
  return '';
}

/** Unless it is done already. A line that ends with ` …` stands for its beginning. */
function edit(file: string, diff: string): void {
  const source = readFileSync(file, 'utf8');
  const lines = diff.trimEnd().split('\n');
  const side = (mark: string) => {
    const kept = lines.filter((line) => line.startsWith(mark) || line.startsWith(' '));
    return kept.map((line) => line.slice(1).replace(/ …$/, '')).join('\n');
  };
  if (source.includes(side('+'))) return;
  if (!source.includes(side('-'))) throw new Error(`${file} has no\n${side('-')}`);
  writeFileSync(
    file,
    source.replace(side('-'), () => side('+')),
  );
}

/** Milliseconds until commands that hang are killed, with all that they started. */
const LIMIT = 150_000;

async function run(script: string, cwd: string, env: Record<string, string>): Promise<string> {
  const given = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env };
  const child = spawn('sh', ['-ec', `exec 2>&1\n${script}`], { cwd, env: given, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const limit = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), LIMIT);
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearTimeout(limit);
  if (code !== 0) throw new Error(`${script}ended with ${code}:\n${printed}`);
  return printed;
}
