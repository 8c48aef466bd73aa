import { cpSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { isPackage } from '../shared/as-typed.ts';
import { EMBEDDED_VERSION } from './embedded-files.ts';

/** A folder for DATA_DIR, for a while. */
export type ThrowAway = { readonly dataDir: string; readonly remove: () => Promise<void> };

/**
 * For tests and comparisons.
 * @param options.isEmbedded whether there is to be an empty embedded database in it. It is copied, because making one takes seconds
 */
export async function createThrowAway({ isEmbedded }: { readonly isEmbedded: boolean }): Promise<ThrowAway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'graphql-token-auth-'));
  const template = isEmbedded && (await findTemplate().catch(() => null)); // packages may not be written to: then the first use makes it
  if (template) cpSync(template, join(dataDir, 'pglite'), { recursive: true });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** Among the packages: who may write there may change the code anyway. */
const cache = fileURLToPath(new URL(isPackage ? '../../../.cache/graphql-token-auth/' : '../../node_modules/.cache/', import.meta.url));

/** An empty database that was closed in order; makes it if there is none. */
async function findTemplate(): Promise<string> {
  const template = join(cache, `pglite-${EMBEDDED_VERSION}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(`${template}-`);
  const pglite = await PGlite.create(made);
  await pglite.close();
  await rename(made, template).catch(() => rm(made, { recursive: true })); // another process was quicker
  return template;
}
