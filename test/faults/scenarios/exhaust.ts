import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { GOOD_PASSWORD, graphqlClient } from '../../support/graphql-client.ts';
import type { Site } from '../site.ts';

export type Exhausted = {
  /** Answers by status while nobody gets on. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Milliseconds of the fastest tenth, who found the queue full, and of the slowest. */
  readonly fastest: number;
  readonly slowest: number;
  /** Statements that still wait for the lock when everybody has been answered. */
  readonly leftBehind: number;
  /** Answers by status once the lock is gone. */
  readonly afterwards: Readonly<Record<number, number>>;
};

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';

/** Locks the users away, so that logins take all connections and keep them. */
export async function exhaustPool({ site, requests }: { readonly site: Site; readonly requests: number }): Promise<Exhausted> {
  const { graphql, register } = graphqlClient(site.url);
  await register('ann');
  const variables = { input: { username: 'ann', password: GOOD_PASSWORD } };
  const logIn = async () => {
    const started = performance.now();
    const { status } = await graphql(LOGIN, { variables });
    return { status, took: performance.now() - started };
  };
  const locker = new pg.Client({ connectionString: site.env.DATABASE_URL });
  await locker.connect();
  await locker.query('begin; lock table users in access exclusive mode');
  const replies = await Promise.all(Array.from({ length: requests }, logIn));
  await setTimeout(500); // PostgreSQL's own limit may be a little late
  const waiting = "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const [row] = (await locker.query(waiting)).rows;
  await locker.query('rollback');
  await locker.end();
  const afterwards = await Promise.all(Array.from({ length: 20 }, logIn));
  const times = replies.map(({ took }) => took).sort((a, b) => a - b);
  return {
    statuses: tally(replies),
    fastest: times[Math.floor(times.length / 10)] ?? Number.NaN,
    slowest: times.at(-1) ?? Number.NaN,
    leftBehind: row?.n,
    afterwards: tally(afterwards),
  };
}

function tally(replies: readonly { status: number }[]): Record<number, number> {
  const statuses: Record<number, number> = {};
  for (const { status } of replies) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}
