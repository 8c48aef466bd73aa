import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { features } from '../../../src/features.ts';

/** Makes PGlite folders to copy, an empty and a migrated one: starting from nothing takes PGlite seconds, copying does not. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-pglite-'));
  const [empty, template] = [join(folder, 'empty'), join(folder, 'migrated')];
  await prepareFolder(empty, (orm) => orm.em.fork().execute('select 1'));
  cpSync(empty, template, { recursive: true });
  await prepareFolder(template, migrate);
  provide('postgresServer', null);
  provide('template', template);
  provide('emptyTemplate', empty);
  return () => rm(folder, { recursive: true, force: true });
}

async function prepareFolder(dataDir: string, work: (orm: Orm) => Promise<unknown>): Promise<void> {
  const database = await openDatabase({ features, databaseUrl: undefined, databasePoolMax: 1, dataDir });
  await work(database.orm).finally(database.close);
}

type Orm = Awaited<ReturnType<typeof openDatabase>>['orm'];
