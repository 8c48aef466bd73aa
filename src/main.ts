import { banner } from './banner.ts';
import { loadConfig, readEnvironment } from './config.ts';
import { openDatabase } from './database/database.ts';
import { prepare } from './database/prepare.ts';
import { explainUnusableDatabase } from './database/unusable-database.ts';
import { createLog } from './observability/log.ts';
import { explainFatal } from './operator-error.ts';
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

start().catch((error: unknown) => {
  process.stderr.write(explainFatal(explainUnusableDatabase(error)));
  process.exit(1);
});
