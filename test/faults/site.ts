import pg from 'pg';
import { type ServerProcess, startServerProcess } from '../support/app/server-process.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import type { PostgresServer } from '../support/database/postgres-server.ts';

/** A server in a process of its own, with a fresh database. */
export type Site = ServerProcess & {
  /** For another server on the same database. */
  readonly env: Record<string, string>;
  /** Runs SQL on that database, past the product. */
  readonly sql: (statement: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
};

/** Everybody here has one address and comes at once; otherwise attempts and hashes are counted as in production. */
const generous = {
  HASH_QUEUE: '1000',
  THROTTLE_REGISTER: '100000/1h',
  THROTTLE_LOGIN_ADDRESS: '100000/1h',
  THROTTLE_LOGIN_ACCOUNT: '100000/1h',
};

export async function startSite(postgres: PostgresServer, env: Record<string, string> = {}): Promise<Site> {
  const url = onServer(postgres.url, await createDatabase(postgres.url));
  const complete = { ...generous, DATABASE_URL: url, AUTO_MIGRATE: 'true', LOG_LEVEL: 'error', ...env };
  const server = await startServerProcess(complete);
  return { ...server, env: complete, sql: (statement, values) => runSql(url, statement, values) };
}

/** Runs a statement on a connection of its own. */
export async function runSql(url: string, statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // some statements end their own connection
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}
