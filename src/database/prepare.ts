import { OperatorError } from '../operator-error.ts';
import type { Database } from './database.ts';
import { isMigrated, migrate } from './migrate.ts';

/**
 * Readies the database for this version: migrates it, or sees that somebody has.
 * @param autoMigrate AUTO_MIGRATE; on for the embedded database
 * @throws OperatorError when it is not migrated and may not be
 */
export async function prepare({ orm }: Database, autoMigrate: boolean): Promise<void> {
  if (await isMigrated(orm)) return;
  if (!autoMigrate) {
    throw new OperatorError('The database is not migrated. Run `npm run manage migrate`, or start with AUTO_MIGRATE=true.', {
      code: 'NOT_MIGRATED',
    });
  }
  await migrate(orm);
}
