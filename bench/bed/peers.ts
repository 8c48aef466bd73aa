import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bed } from './bed.ts';

const folder = fileURLToPath(new URL('../peers', import.meta.url));

/** Not another Python on PATH, which would not have Debian's packages. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** How to start a server to compare with. It says `listening at http://…` when it is ready. */
export type Command = readonly [file: string, ...args: string[]];

/** @param seed how many users with a token it makes, where it has tables of its own */
type Options = { readonly command: Command; readonly bed: Bed; readonly seed: number };

/** Installs what is compared with, as locked, unless it is there. */
export function installPeers(): void {
  if (!existsSync(`${folder}/node_modules`)) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
}

/** What is missing for the Python peer, which Debian's packages bring; null when nothing is. */
export function missingForDjango(): string | null {
  try {
    execFileSync(DEBIAN_PYTHON, ['-c', 'import rest_framework, gunicorn, psycopg2'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'apt-get install python3-djangorestframework gunicorn python3-psycopg2';
  }
}

/** Starts a peer as a process of its own on the bed's database; it stops with the bed. */
export async function startPeer({ command: [file, ...args], bed, seed }: Options): Promise<{ url: string; pid: number }> {
  const { PATH, HOME } = process.env;
  const settings = { NODE_ENV: 'production', DATABASE_URL: bed.databaseUrl, SEED: String(seed) };
  const env = { PATH, HOME, PYTHONDONTWRITEBYTECODE: '1', ...settings };
  const child = spawn(file === 'node' ? process.execPath : file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  bed.keep(() => {
    child.kill();
    return ended;
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      output += chunk;
      const ready = /listening at:? (http\S+)/i.exec(output);
      if (ready) resolve(ready[1] ?? '');
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    ended.then(([code]) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)), reject);
  });
  return { url, pid: child.pid ?? 0 };
}
