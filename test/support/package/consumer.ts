import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder for projects that build on the package. */
export type Consumers = { readonly folder: string; readonly remove: () => Promise<void> };

/** Builds the package where projects in `folder` find it, together with the other packages of this clone. */
export async function buildForConsumers(): Promise<Consumers> {
  const folder = await mkdtemp(join(tmpdir(), 'consumers-'));
  const modules = join(folder, 'node_modules');
  linkPackages(resolve('node_modules'), modules);
  execFileSync(process.execPath, ['package/build.ts', join(modules, 'graphql-token-auth')], { stdio: 'pipe' });
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Links every package, those in scopes one by one: what is installed there looks like an install. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith('@')) linkPackages(join(from, name), join(to, name));
    else if (!name.startsWith('.')) symlinkSync(join(from, name), join(to, name));
  }
}

/** The command of the package, as a process. */
export const COMMAND = 'node_modules/graphql-token-auth/src/command.js';

/** Runs a program of Node in a folder. @returns what it printed @throws Error with both outputs when it fails */
export function runNode(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const own = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env: own, encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
