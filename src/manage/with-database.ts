import { type Config, loadConfig, readEnvironment } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { prepare } from '../database/prepare.ts';

export type Opened = { readonly config: Config; readonly database: Database };

/** Opens the configured database for `work` and always closes it. @throws OperatorError when a server holds the embedded one */
export async function withDatabase(work: (opened: Opened) => Promise<void>): Promise<void> {
  const config = loadConfig(readEnvironment());
  const database = await openDatabase(config);
  try {
    await work({ config, database });
  } finally {
    await database.close();
  }
}

/** The same with a database that is sure to be migrated. @throws OperatorError also when it is not and may not be */
export const withMigratedDatabase = (work: (opened: Opened) => Promise<void>): Promise<void> =>
  withDatabase(async (opened) => {
    await prepare(opened.database, opened.config.autoMigrate);
    await work(opened);
  });
