import pg from 'pg';
import { GOOD_PASSWORD, graphqlClient } from '../../support/client/graphql-client.ts';
import { until } from '../../support/until.ts';
import type { Site } from '../site.ts';

export type Exhausted = {
  /** Answers by status while nobody gets on. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Milliseconds of the fastest tenth, who found the queue full, and of the slowest. */
  readonly fastest: number;
  readonly slowest: number;
  /** Statements that waited for the lock when everybody had been answered, and still do when PostgreSQL’s own limit is over. */
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
  const leftBehind = await countLeftBehind(site);
  await locker.query('rollback');
  await locker.end();
  const afterwards = await Promise.all(Array.from({ length: 20 }, logIn));
  const times = replies.map(({ took }) => took).sort((a, b) => a - b);
  return {
    statuses: tally(replies),
    fastest: times[Math.floor(times.length / 10)] ?? Number.NaN,
    slowest: times.at(-1) ?? Number.NaN,
    leftBehind,
    afterwards: tally(afterwards),
  };
}

const LIMIT = 5000; // milliseconds; PostgreSQL gives up after 4500

/** The look at the queue of mails, every two seconds, waits for the lock as well, and may have just begun. */
async function countLeftBehind({ sql }: Site): Promise<number> {
  const waiting = `select pid || '/' || query_start as statement
    from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const find = async (): Promise<string[]> => (await sql(waiting)).map(({ statement }) => String(statement));
  const first = await find();
  const left = async () => (await find()).filter((statement) => first.includes(statement)).length;
  await until(async () => (await left()) === 0, LIMIT).catch(() => {}); // what is left then is counted
  return left();
}

function tally(replies: readonly { status: number }[]): Record<number, number> {
  const statuses: Record<number, number> = {};
  for (const { status } of replies) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}
