import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlMikroORM } from '@mikro-orm/sql';
import { connectionOf } from '../config/postgres-url.ts';
import type { Feature } from '../shared/feature.ts';
import { audienceOf } from './audience.ts';
import { compileOnce, startParams, unpackCluster } from './embedded-cluster.ts';
import { checkVersion, doesNotOpen, lockDirectory } from './embedded-folder.ts';
import { loadMigrations } from './migrations.ts';
import type { Listen } from './notifications.ts';
import { listenOnPglite, listenOnPostgres } from './notifications.ts';
import type { Connections } from './postgres-pool.ts';
import type { RunPrepared } from './prepared-statements.ts';
import { preparedOnPglite, preparedOnPostgres } from './prepared-statements.ts';
import { type QueryTrace, tablesOf } from './trace-queries.ts';

export type DatabaseOptions = {
  /** They bring the entities and migrations. */
  readonly features: readonly Feature[];
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
  readonly traceQuery?: QueryTrace['begin'] | undefined;
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

const shared = async (features: readonly Feature[]) => ({
  entities: features.flatMap(({ entities = [] }) => entities),
  extensions: [Migrator],
  subscribers: audienceOf(features),
  schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true, skipTables: features.flatMap(({ tables = [] }) => tables) }, // they live in the migrations alone
  migrations: { migrationsList: await loadMigrations(features), snapshot: false, silent: true, tableName: 'migrations' },
});

const filesOfPglite = (dataDir: string): string => resolve(dataDir, 'pglite');

/** Whether opening the database would make it: the embedded one begins with its first use. */
export const isYetToBeMade = ({ databaseUrl, dataDir }: Pick<DatabaseOptions, 'databaseUrl' | 'dataDir'>): boolean =>
  databaseUrl === undefined && !existsSync(filesOfPglite(dataDir));

/** Opens the database. @throws OperatorError when another process holds the embedded one, or its files cannot be used. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.databaseUrl === undefined ? openEmbedded(options) : openPostgres(options.databaseUrl, options);

async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const { databasePoolMax: max, databaseTimeout: timeout = null, databaseDirectUrl: directUrl = url, traceQuery, features } = options;
  const trace = traceQuery && { begin: traceQuery, tables: tablesOf(features) };
  const [{ MikroORM }, { BindingPostgresDriver }, { createPostgresPool }, { openReplicas }] = await Promise.all([
    import('@mikro-orm/postgresql'),
    import('./postgres-driver.ts'),
    import('./postgres-pool.ts'),
    import('./replicas.ts'),
  ]);
  const { connect, connections, dialect, end } = createPostgresPool({ url, max, timeout, trace });
  const replicas = openReplicas({ ...options, url, max, timeout, trace });
  // MikroORM would make a database that is missing: a typo in DATABASE_URL must not end in an empty one.
  const { database: dbName = 'postgres' } = connectionOf(url, 'The URL of the database'); // in errors only: `dialect` connects
  const orm = new MikroORM({
    ...(await shared(features)),
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
    const direct = await openPostgres(directUrl, { features, databaseUrl: directUrl, databasePoolMax: max, dataDir: options.dataDir });
    return work(direct.orm).finally(direct.close);
  };
  return { orm, runPrepared: preparedOnPostgres(connect), listen: listenOnPostgres(directUrl), overDirect, connections, close };
}

async function openEmbedded({ dataDir, features }: DatabaseOptions): Promise<Database> {
  const { release } = lockDirectory(resolve(dataDir));
  try {
    return await openPglite({ folder: filesOfPglite(dataDir), features, release });
  } catch (error) {
    release();
    throw error;
  }
}

type Embedded = { readonly folder: string; readonly features: readonly Feature[]; readonly release: () => void };

async function openPglite({ folder, features, release }: Embedded): Promise<Database> {
  checkVersion(folder);
  await unpackCluster(folder).catch((cause: unknown) => {
    throw doesNotOpen(folder, cause);
  });
  compileOnce();
  const [{ MikroORM }, { BindingPgliteDriver }, { PGlite }] = await Promise.all([
    import('@mikro-orm/pglite'),
    import('./pglite-driver.ts'),
    import('@electric-sql/pglite'),
  ]);
  const orm = new MikroORM({
    ...(await shared(features)),
    driver: BindingPgliteDriver,
    dbName: 'postgres',
    driverOptions: { dataDir: folder, startParams: startParams(PGlite.defaultStartParams) },
  });
  const close = async () => {
    await orm.close(true);
    release();
  };
  const getPglite = () => orm.em.getConnection().getNativeClient();
  await getPglite().catch((cause: unknown) => {
    throw doesNotOpen(folder, cause);
  });
  const overDirect: Database['overDirect'] = (work) => work(orm);
  return { orm, runPrepared: preparedOnPglite(getPglite), listen: listenOnPglite(getPglite), overDirect, connections: () => null, close };
}
