import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlMikroORM } from '@mikro-orm/sql';
import { Link } from '../links/link.entity.ts';
import { Mail } from '../mail/mail.entity.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.entity.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { Token } from '../tokens/token.entity.ts';
import { User } from '../users/user.entity.ts';
import { lockDirectory } from './directory-lock.ts';
import { type Listen, listenOnPglite, listenOnPostgres } from './listen.ts';
import { preparedOnPglite, preparedOnPostgres, type RunPrepared } from './prepared.ts';

export type DatabaseOptions = {
  /** A PostgreSQL server; undefined: the embedded PGlite. */
  readonly databaseUrl: string | undefined;
  /** Connections at most. */
  readonly databasePoolMax: number;
  /** Where the embedded database lives. */
  readonly dataDir: string;
};

/** An open database. */
export type Database = {
  readonly orm: SqlMikroORM;
  readonly runPrepared: RunPrepared;
  readonly listen: Listen;
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
  options.databaseUrl === undefined ? openEmbedded(options.dataDir) : openPostgres(options.databaseUrl, options.databasePoolMax);

async function openPostgres(clientUrl: string, max: number): Promise<Database> {
  const { MikroORM } = await import('@mikro-orm/postgresql');
  const driverOptions = { connectionTimeoutMillis: 5000, query_timeout: 10_000, keepAlive: true };
  // MikroORM would make a database that is missing: a typo in DATABASE_URL must not end in an empty one.
  const orm = new MikroORM({ ...shared, clientUrl, pool: { min: 0, max }, driverOptions, ensureDatabase: false });
  const runPrepared = preparedOnPostgres(() => orm.em.getConnection().getNativeClient());
  return { orm, runPrepared, listen: listenOnPostgres(clientUrl), close: () => orm.close(true) };
}

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
  return { orm, runPrepared: preparedOnPglite(getPglite), listen: listenOnPglite(getPglite), close };
}
