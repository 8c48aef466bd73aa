import type { Config } from './config.ts';
import { openDatabase } from './database/database.ts';
import { prepare } from './database/prepare.ts';
import type { Log } from './observability/log.ts';
import type { HashPool } from './passwords/hash-pool.ts';
import { createServer, type Server } from './server.ts';

type Options = { readonly config: Config; readonly log: Log; readonly hashPool?: HashPool };

/** Serves the API from this process, with a database that is ready for this version. */
export async function serve({ config, log, hashPool }: Options): Promise<Server> {
  const database = await openDatabase(config);
  await prepare(database, config.autoMigrate);
  const server = await createServer({ config, database, log, hashPool });
  const close = async () => {
    await server.close();
    await database.close();
  };
  return { url: server.url, close };
}
