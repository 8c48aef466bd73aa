import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';

/** Makes a migrated PGlite folder: starting from nothing takes PGlite seconds, copying does not. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const template = await mkdtemp(join(tmpdir(), 'graphql-token-auth-pglite-'));
  const database = await openDatabase({ databaseUrl: undefined, databasePoolMax: 1, dataDir: template });
  await migrate(database.orm);
  await database.close();
  provide('postgresServer', null);
  provide('template', template);
  return () => rm(template, { recursive: true, force: true });
}
