import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';

/**
 * Makes the files of a new database, unless there is one: those that initdb would make come with the install. To run initdb takes
 * seconds, and a second PostgreSQL in memory. They get their name when all of them are there: a start may be broken off.
 */
export async function unpackCluster(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const [{ dataDir }, { extract }] = await Promise.all([import('@electric-sql/pglite-prepopulatedfs'), import('tar')]);
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const archive = await dataDir();
  extract({ cwd: unfinished, sync: true, noMtime: true, onwarn: stopAt }).end(Buffer.from(await archive.arrayBuffer()));
  await rename(unfinished, folder);
}

/** Tar goes on to the next file after one that it could not write. It also tells of every name that begins with a slash. */
function stopAt(code: string, message: string | Error): void {
  if (code !== 'TAR_ENTRY_INFO') throw message instanceof Error ? message : new Error(message);
}

/** Memory that PostgreSQL keeps pages in, of the 128 MB that PGlite takes anyway. By default it would take 160 on top, and touch all. */
const SHARED_BUFFERS = '8MB';

/** What the embedded PostgreSQL is started with. @param defaults of PGlite */
export const startParams = (defaults: readonly string[]): string[] => [...defaults, '-c', `shared_buffers=${SHARED_BUFFERS}`];

/**
 * Has V8 leave WebAssembly as its first compiler makes it. To optimise one function of PostgreSQL takes it 600 MB for a second.
 * Statements cost up to a tenth more CPU for it. Call it before PGlite is loaded.
 */
export function compileOnce(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
