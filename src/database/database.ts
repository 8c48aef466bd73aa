import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlMikroORM } from '@mikro-orm/sql';
import { connectionOf } from '../config/postgres-url.ts';
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
import type { TraceQuery } from './trace-queries.ts';

export type DatabaseOptions = {
  /** A PostgreSQL server; undefined: the embedded PGlite. */
  readonly databaseUrl: string | undefined;
  /** The same database past a pooler, for LISTEN and migrations; undefined: `databaseUrl`. */
  readonly databaseDirectUrl?: string | undefined;
  /** Replicas of it. */
  readonly databaseReadUrls?: readonly string[];
  /** Called now and then while a replica is away. */
  readonly onReplicaAway?: (error: unknown) => void;
  /** Connections at most. */
  readonly databasePoolMax: number;
  /** Seconds that a request waits at most for a PostgreSQL that does not answer; null, the default: statements may take for ever. */
  readonly databaseTimeout?: number | null;
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
  /** Does what a pooler in between would spoil, such as migrating. */
  readonly overDirect: <Result>(work: (orm: SqlMikroORM) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
};

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

const shared = {
  entities: [User, Token, SecurityEvent, Link, Mail, PasswordResetRequest],
  extensions: [Migrator],
  schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true, skipTables: ['attempts', 'django_users'] }, // they live in the migrations alone
  migrations: { path: MIGRATIONS_FOLDER, glob: '*.ts', snapshot: false, silent: true, tableName: 'migrations' },
};

const filesOfPglite = (dataDir: string): string => resolve(dataDir, 'pglite');

/** Whether opening the database would make it: the embedded one begins with its first use. */
export const isYetToBeMade = ({ databaseUrl, dataDir }: DatabaseOptions): boolean =>
  databaseUrl === undefined && !existsSync(filesOfPglite(dataDir));

/** Opens the database. @throws OperatorError when another process holds the embedded one. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.databaseUrl === undefined ? openEmbedded(options.dataDir) : openPostgres(options.databaseUrl, options);

async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const { databasePoolMax: max, databaseTimeout: timeout = null, databaseDirectUrl: directUrl = url, traceQuery } = options;
  const [{ MikroORM }, { BindingPostgresDriver }, { createPostgresPool }, { openReplicas }] = await Promise.all([
    import('@mikro-orm/postgresql'),
    import('./postgres-driver.ts'),
    import('./postgres-pool.ts'),
    import('./replicas.ts'),
  ]);
  const { connect, connections, dialect, end } = createPostgresPool({ url, max, timeout, traceQuery });
  const replicas = openReplicas({ ...options, url, max, timeout });
  // MikroORM would make a database that is missing: a typo in DATABASE_URL must not end in an empty one.
  const { database: dbName = 'postgres' } = connectionOf(url, 'The URL of the database'); // in errors only: `dialect` connects
  const orm = new MikroORM({
    ...shared,
    ...replicas.config,
    driver: BindingPostgresDriver,
    dbName,
    driverOptions: dialect,
    ensureDatabase: false,
  });
  const close = async () => {
    await orm.close(true);
    await Promise.all([end(), replicas.end()]);
  };
  const overDirect: Database['overDirect'] = async (work) => {
    if (directUrl === url) return work(orm);
    const direct = await openPostgres(directUrl, { databaseUrl: directUrl, databasePoolMax: max, dataDir: options.dataDir });
    return work(direct.orm).finally(direct.close);
  };
  return { orm, runPrepared: preparedOnPostgres(connect), listen: listenOnPostgres(directUrl), overDirect, connections, close };
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const directory = resolve(dataDir);
  const lock = lockDirectory(directory);
  const [{ MikroORM }, { BindingPgliteDriver }] = await Promise.all([import('@mikro-orm/pglite'), import('./pglite-driver.ts')]);
  const orm = new MikroORM({
    ...shared,
    driver: BindingPgliteDriver,
    dbName: 'postgres',
    driverOptions: { dataDir: filesOfPglite(dataDir) },
  });
  const close = async () => {
    await orm.close(true);
    lock.release();
  };
  const getPglite = () => orm.em.getConnection().getNativeClient();
  const overDirect: Database['overDirect'] = (work) => work(orm);
  return { orm, runPrepared: preparedOnPglite(getPglite), listen: listenOnPglite(getPglite), overDirect, connections: () => null, close };
}
