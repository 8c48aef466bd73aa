import { TableNotFoundException, type Transaction } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { EntityManager, SqlMikroORM } from '@mikro-orm/sql';
import { OperatorError } from '../shared/operator-error.ts';
import { requireUtf8 } from './encoding.ts';
import { lateMigration } from './migrations.ts';

const migrationsOf = ({ config }: SqlMikroORM) => config.get('migrations').migrationsList ?? [];
const namesIn = (orm: SqlMikroORM): string[] => migrationsOf(orm).map(({ name }) => name);

/**
 * Applies what is pending, all or nothing, and returns the names. Nodes that start together take turns.
 * @throws OperatorError for a migration of an app that comes too late
 */
export async function migrate(orm: SqlMikroORM): Promise<string[]> {
  const { em } = orm;
  await requireUtf8(orm);
  const late = lateMigration(migrationsOf(orm), new Set((await appliedTo(orm)).map(([name]) => name)));
  if (late) throw new OperatorError(late);
  const migrator = new Migrator(em);
  const storage = migrator.getStorage();
  await takingTurns(em, async (transaction) => {
    storage.setMasterMigration(transaction);
    await storage.ensureTable();
    storage.unsetMasterMigration();
  });
  await migrator.getPending(); // makes the migrator look around now: it would do so outside the transaction below
  const applied = await takingTurns(em, (transaction) => migrator.up({ transaction }));
  return applied.map(({ name }) => name);
}

const takingTurns = <Result>(em: EntityManager, work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
  em.fork().transactional(async (fork) => {
    await fork.execute("select set_config('statement_timeout', '0', true)"); // waiting for its turn may take long, and so may a big table
    await fork.execute("select pg_advisory_xact_lock(hashtext('graphql-token-auth:migrate'))");
    return work(fork.getTransactionContext());
  });

/** A step of the schema. */
export type Migration = {
  readonly name: string;
  /** Null: pending. */
  readonly appliedAt: Date | null;
  /** False: a newer version of this program applied it. */
  readonly isKnown: boolean;
};

/** The migrations, the first one first. Writes nothing. @param names of this version @param orm null where there is no database yet */
export async function listMigrations(names: readonly string[], orm: SqlMikroORM | null): Promise<Migration[]> {
  const applied = new Map(orm ? await appliedTo(orm) : []);
  const all = [...new Set([...names, ...applied.keys()])].sort();
  return all.map((name) => ({ name, appliedAt: applied.get(name) ?? null, isKnown: names.includes(name) }));
}

async function appliedTo({ em }: SqlMikroORM): Promise<[string, Date][]> {
  const rows = await unlessUnmigrated(em.fork().execute('select name, executed_at as "appliedAt" from migrations'), []);
  return rows.map(({ name, appliedAt }) => [String(name), new Date(appliedAt)]);
}

/**
 * Whether the database has every migration of this version. The newest alone does not tell: modules bring migrations of their own,
 * and one that is older than those applied can come later. One query that writes nothing, so a probe may ask it.
 */
export async function isMigrated(orm: SqlMikroORM): Promise<boolean> {
  const applied = new Map(await appliedTo(orm));
  return namesIn(orm).every((name) => applied.has(name));
}

/** The fallback where no migration was ever applied. */
async function unlessUnmigrated<Result>(query: Promise<Result>, fallback: Result): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof TableNotFoundException) return fallback;
    throw error;
  }
}
