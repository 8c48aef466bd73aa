import { banner } from './banner.ts';
import { loadConfig, readEnvironment } from './config.ts';
import { type Database, openDatabase } from './database/database.ts';
import { isMigrated, migrate } from './database/migrate.ts';
import { createLog } from './observability/log.ts';
import { OperatorError, reportFatal } from './operator-error.ts';
import { createServer } from './server.ts';

async function start(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const log = createLog(config.logLevel);
  const database = await openDatabase(config);
  await prepare(database, config.autoMigrate);
  const server = await createServer({ config, database, log });
  process.stdout.write(banner(config, server.url));
  const stop = async () => {
    await server.close();
    await database.close();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

async function prepare({ orm }: Database, autoMigrate: boolean): Promise<void> {
  if (autoMigrate) await migrate(orm);
  else if (!(await isMigrated(orm))) {
    throw new OperatorError('The database is not migrated. Run `npm run manage migrate`, or start with AUTO_MIGRATE=true.');
  }
}

start().catch((error: unknown) => {
  reportFatal(error);
  process.exit(1);
});
