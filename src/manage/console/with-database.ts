import type { EntityManager } from '@mikro-orm/sql';
import { type Config, loadConfig } from '../../config/config.ts';
import type { Database } from '../../database/database.ts';
import { makeReady } from '../../database/make-ready.ts';
import { User } from '../../features/users/user.ts';
import { withWebhooks } from '../../features/webhooks/with-webhooks.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Surroundings } from './shell.ts';

export type Opened = { readonly config: Config; readonly database: Database };

type Deps = Pick<Surroundings, 'env' | 'features' | 'openDatabase'>;

/** Opens the configured database for `work`, past a pooler, and always closes it. @throws OperatorError when a server holds the embedded one */
export async function withDatabase<Result>(
  { env, openDatabase, ...deps }: Deps,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(env);
  const features = await withWebhooks(deps.features, config.webhooks);
  const databaseUrl = config.databaseDirectUrl ?? config.databaseUrl;
  const database = await openDatabase({ ...config, features, databaseUrl, databaseReadUrls: [], databaseTimeout: null }); // no client waits for an answer
  try {
    return await work({ config, database });
  } finally {
    await database.close();
  }
}

/** The same with a database that is sure to be migrated. @throws OperatorError also when it is not and may not be */
export const withMigratedDatabase = <Result>(deps: Deps, work: (opened: Opened) => Promise<Result>): Promise<Result> =>
  withDatabase(deps, async (opened) => {
    await makeReady(opened.database, opened.config.autoMigrate);
    return work(opened);
  });

/** The account with a username, found as a login finds it; in Django's words if there is none. @throws OperatorError */
export async function findUser(em: EntityManager, username: string): Promise<User> {
  const user = await em.getRepository(User).findByUsername(username);
  if (!user) throw userNotFound(username);
  return user;
}

export const userNotFound = (username: string): OperatorError =>
  new OperatorError(`user '${username}' does not exist`, { code: 'USER_NOT_FOUND' });
