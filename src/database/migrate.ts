import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { TableNotFoundException, type Transaction } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { EntityManager, SqlMikroORM } from '@mikro-orm/sql';
import { MIGRATIONS_FOLDER } from './database.ts';

const newest = readdirSync(MIGRATIONS_FOLDER)
  .map((file) => parse(file).name)
  .sort()
  .at(-1);

/** Applies what is pending, all or nothing, and returns the names. Nodes that start together take turns. */
export async function migrate({ em }: SqlMikroORM): Promise<string[]> {
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
    await fork.execute("select pg_advisory_xact_lock(hashtext('graphql-token-auth:migrate'))");
    return work(fork.getTransactionContext());
  });

/** Whether the database has this version's newest migration. One query that writes nothing, so a probe may ask it. */
export async function isMigrated(orm: SqlMikroORM): Promise<boolean> {
  try {
    const rows = await orm.em.fork().execute('select 1 from migrations where name = ?', [newest]);
    return rows.length > 0;
  } catch (error) {
    if (error instanceof TableNotFoundException) return false;
    throw error;
  }
}
