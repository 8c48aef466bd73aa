import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlMikroORM } from '@mikro-orm/sql';
import type { Pool } from 'pg';
import { Link } from '../links/link.entity.ts';
import { Mail } from '../mail/mail.entity.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.entity.ts';
import type { Connections } from '../observability/metrics.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { Token } from '../tokens/token.entity.ts';
import { User } from '../users/user.entity.ts';
import { lockDirectory } from './directory-lock.ts';
import { type Listen, listenOnPglite, listenOnPostgres } from './listen.ts';
import { preparedOnPglite, preparedOnPostgres, type RunPrepared } from './prepared.ts';
import { type TraceQuery, traceQueries } from './trace-queries.ts';

export type DatabaseOptions = {
  /** A PostgreSQL server; undefined: the embedded PGlite. */
  readonly databaseUrl: string | undefined;
  /** Connections at most. */
  readonly databasePoolMax: number;
  /** Where the embedded database lives. */
  readonly dataDir: string;
  /** Told of each query to PostgreSQL. */
  readonly traceQuery?: TraceQuery | undefined;
};

/** An open database. */
export type Database = {
  readonly orm: SqlMikroORM;
  readonly runPrepared: RunPrepared;
  readonly listen: Listen;
  /** Null: the embedded database has none. */
  readonly connections: () => Connections | null;
  readonly close: () => Promise<void>;
};

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

const shared = {
  entities: [User, Token, SecurityEvent, Link, Mail, PasswordResetRequest],
  extensions: [Migrator],
  schemaGenerator: { ignoreTriggers: true, skipTables: ['attempts', 'django_users'] }, // they live in the migrations alone
  migrations: { path: MIGRATIONS_FOLDER, glob: '*.ts', snapshot: false, silent: true, tableName: 'migrations' },
};

const filesOfPglite = (dataDir: string): string => resolve(dataDir, 'pglite');

/** Whether opening the database would make it: the embedded one begins with its first use. */
export const isYetToBeMade = ({ databaseUrl, dataDir }: DatabaseOptions): boolean =>
  databaseUrl === undefined && !existsSync(filesOfPglite(dataDir));

/** Opens the database. @throws OperatorError when another process holds the embedded one. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.databaseUrl === undefined ? openEmbedded(options.dataDir) : openPostgres(options.databaseUrl, options);

async function openPostgres(clientUrl: string, { databasePoolMax: max, traceQuery }: DatabaseOptions): Promise<Database> {
  const { MikroORM } = await import('@mikro-orm/postgresql');
  let pool: Pool | undefined;
  const onPoolCreated = (made: Pool) => {
    pool = made;
    if (traceQuery) made.on('connect', (client) => traceQueries(client, traceQuery));
  };
  const driverOptions = { connectionTimeoutMillis: 5000, query_timeout: 10_000, keepAlive: true, onPoolCreated };
  // MikroORM would make a database that is missing: a typo in DATABASE_URL must not end in an empty one.
  const orm = new MikroORM({ ...shared, clientUrl, pool: { min: 0, max }, driverOptions, ensureDatabase: false });
  const runPrepared = preparedOnPostgres(() => orm.em.getConnection().getNativeClient());
  const connections = () => (pool ? connectionsOf(pool, max) : null);
  return { orm, runPrepared, listen: listenOnPostgres(clientUrl), connections, close: () => orm.close(true) };
}

const connectionsOf = ({ totalCount, idleCount, waitingCount }: Pool, max: number): Connections => ({
  busy: totalCount - idleCount,
  idle: idleCount,
  waiting: waitingCount,
  max,
});

async function openEmbedded(dataDir: string): Promise<Database> {
  const directory = resolve(dataDir);
  const lock = lockDirectory(directory);
  const { MikroORM } = await import('@mikro-orm/pglite');
  const orm = new MikroORM({ ...shared, dbName: 'postgres', driverOptions: { dataDir: filesOfPglite(dataDir) } });
  const close = async () => {
    await orm.close(true);
    lock.release();
  };
  const getPglite = () => orm.em.getConnection().getNativeClient();
  return { orm, runPrepared: preparedOnPglite(getPglite), listen: listenOnPglite(getPglite), connections: () => null, close };
}
