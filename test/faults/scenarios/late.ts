import { setTimeout } from 'node:timers/promises';
import { graphqlClient } from '../../support/graphql-client.ts';
import type { BreakablePostgres } from '../../support/postgres-server.ts';
import { startServerProcess } from '../../support/server-process.ts';

type Options = { readonly postgres: BreakablePostgres /** Milliseconds. */; readonly away: number };

/** Starts a server while PostgreSQL is down. How many tries it logged, and milliseconds from PostgreSQL's start to its own. */
export async function startLate({ postgres, away }: Options): Promise<{ tries: number; delay: number }> {
  await postgres.kill('SIGINT');
  const starting = startServerProcess({ DATABASE_URL: postgres.url, AUTO_MIGRATE: 'true', LOG_LEVEL: 'warn' });
  await setTimeout(away);
  await postgres.start();
  const startedAt = performance.now();
  const server = await starting;
  const delay = performance.now() - startedAt;
  await graphqlClient(server.url).register(`late-${Date.now()}`);
  await server.stop();
  return { tries: server.output().split('the database is not there yet').length - 1, delay };
}
