import { startServerProcess } from '../../support/app/server-process.ts';
import { graphqlClient } from '../../support/client/graphql-client.ts';
import type { BreakablePostgres } from '../../support/database/postgres-server.ts';
import { until } from '../../support/until.ts';

type Options = { readonly postgres: BreakablePostgres /** How often the server is to try in vain. */; readonly tries: number };

/** Starts a server while PostgreSQL is down. Milliseconds from PostgreSQL's start to its own. */
export async function startLate({ postgres, tries }: Options): Promise<number> {
  await postgres.kill('SIGINT');
  let output = '';
  const env = { DATABASE_URL: postgres.url, AUTO_MIGRATE: 'true', LOG_LEVEL: 'warn' };
  const starting = startServerProcess(env, (printed) => (output = printed));
  await until(() => output.split('the database is not there yet').length > tries, 30_000);
  await postgres.start();
  const startedAt = performance.now();
  const server = await starting;
  const delay = performance.now() - startedAt;
  await graphqlClient(server.url).register(`late-${Date.now()}`);
  await server.stop();
  return delay;
}
