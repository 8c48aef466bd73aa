import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../../src/database/database.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { features } from '../../../src/features.ts';
import { unpackBrowser } from '../browser/browser.ts';
import { createDatabase, dropDatabase, onServer } from './postgres.ts';
import { keepExitCode, type PostgresServer, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server to make databases on; null: the tests run on PGlite. */
    postgresServer: string | null;
    /** A migrated database (PostgreSQL: its name, PGlite: its folder) that each test copies. */
    template: string;
    /** The folder of an empty PGlite; null on PostgreSQL, which makes empty databases quickly. */
    emptyTemplate: string | null;
  }
}

/** Starts a PostgreSQL with a migrated template database, or takes the one TEST_DATABASE_URL names. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  keepExitCode();
  await unpackBrowser();
  const { url, stop } = process.env.TEST_DATABASE_URL ? given(process.env.TEST_DATABASE_URL) : await startPostgres();
  const template = await createDatabase(url);
  const database = await openDatabase({ features, databaseUrl: onServer(url, template), databasePoolMax: 1, dataDir: '' });
  await migrate(database.orm);
  await database.close();
  provide('postgresServer', url);
  provide('template', template);
  provide('emptyTemplate', null);
  return async () => {
    await dropDatabase(url, template);
    await stop();
  };
}

const given = (url: string): PostgresServer => ({ url, stop: async () => {} });
