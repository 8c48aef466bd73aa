import { setTimeout } from 'node:timers/promises';
import type { Log } from '../observability/log.ts';
import { OperatorError, reasonOf } from '../shared/operator-error.ts';
import type { Database } from './database.ts';
import { isDatabaseAway, mayNotUse } from './database-errors.ts';
import { requireUtf8 } from './encoding.ts';
import { isMigrated, migrate } from './migrate.ts';

/**
 * Readies the database for this version: migrates it, or sees that another process has.
 * @param autoMigrate AUTO_MIGRATE; on for the embedded database
 * @throws OperatorError when it is not migrated and may not be
 */
export async function makeReady({ orm, overDirect }: Database, autoMigrate: boolean): Promise<void> {
  await requireUtf8(orm);
  if (await isMigrated(orm)) return;
  if (!autoMigrate) {
    throw new OperatorError('The database is not migrated. Run `npm run manage migrate`, or start with AUTO_MIGRATE=true.', {
      code: 'NOT_MIGRATED',
    });
  }
  await overDirect(migrate);
}

type Options = {
  readonly database: Database;
  readonly autoMigrate: boolean;
  /** DATABASE_WAIT, in seconds. */
  readonly databaseWait: number;
  readonly log: Log;
};

const LONGEST_DELAY = 2000; // milliseconds

/** The same for a server, which may start before its database does: tries again, ever less often, until its time is up. */
export async function makeReadyInTime({ database, autoMigrate, databaseWait, log }: Options): Promise<void> {
  const end = performance.now() + databaseWait * 1000;
  for (let delay = 125; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await makeReady(database, autoMigrate);
    } catch (error) {
      if (!isDatabaseAway(error) || mayNotUse(error) || performance.now() + delay > end) throw error;
      log.warn({ reason: reasonOf(error), delay }, 'the database is not there yet; it will be tried again');
    }
    await setTimeout(delay);
  }
}
