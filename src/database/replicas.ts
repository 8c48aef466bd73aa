import { type PostgresCursor, PostgresDialect, type PostgresQueryResult } from 'kysely';
import { isDatabaseAway, TooBusy } from './database-errors.ts';
import { createPostgresPool, type PostgresPool } from './postgres-pool.ts';
import type { QueryTrace } from './trace-queries.ts';

type Options = {
  /** Of the primary. */
  readonly url: string;
  readonly databaseReadUrls?: readonly string[];
  /** Connections at most, to each. */
  readonly max: number;
  /** Seconds that a request waits at most for a database; null: for ever. */
  readonly timeout: number | null;
  readonly trace?: QueryTrace | undefined;
  /** Called when a replica fails, and then no more while it is left alone. */
  readonly onReplicaAway?: (error: unknown) => void;
};

export type Replicas = {
  /** For MikroORM, which reads from the primary unless a query says otherwise. */
  readonly config: { readonly preferReadReplicas: false; readonly replicas: { driverOptions: () => PostgresDialect }[] };
  readonly end: () => Promise<void>;
};

/** Of what a request may wait: the primary needs three quarters when it has to answer instead. */
const SHARE = 0.25;
const TIMEOUT = 10; // seconds, of who has all the time in the world

/** Opens the replicas, if there are any. Connects to nothing before the first query. */
export function openReplicas({ url, databaseReadUrls = [], max, timeout, trace, onReplicaAway = () => {} }: Options): Replicas {
  // Apart from the other connections to the primary, and few: lists that no replica answers must not crowd out the token lookups.
  const stead = createPostgresPool({ url, max: Math.ceil(max / 4), timeout, trace });
  const patience = timeout ?? TIMEOUT;
  const pools = databaseReadUrls.map((readUrl) => createPostgresPool({ url: readUrl, max, timeout: patience * SHARE, trace }));
  const replicas = pools.map((replica) => {
    const dialect = readingFrom(replica, { stead, rest: patience * 500, onAway: onReplicaAway });
    return { driverOptions: () => dialect };
  });
  const end = async () => {
    await Promise.all([stead, ...pools].map((pool) => pool.end()));
  };
  return { config: { preferReadReplicas: false, replicas }, end };
}

type Otherwise = {
  readonly stead: PostgresPool;
  /** Milliseconds that a replica is left alone after a failure: so that no other request waits in vain. */
  readonly rest: number;
  readonly onAway: (error: unknown) => void;
};

/**
 * Reads from a replica, and from the primary where the replica fails: it may be away, so far behind that a table is missing, or have
 * stopped a statement that was in the way of what it replays. Only a full queue is no reason; it would fill the primary's as well.
 */
function readingFrom(replica: PostgresPool, { stead, rest, onAway }: Otherwise): PostgresDialect {
  let restsUntil = 0;

  const isResting = () => performance.now() < restsUntil;

  const noteFailure = (error: unknown) => {
    if (error instanceof TooBusy) throw error;
    if (isResting() || !isDatabaseAway(error)) return;
    restsUntil = performance.now() + rest;
    onAway(error);
  };

  async function read<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (!/^\s*(select|with)\b/i.test(sql)) throw new Error('replicas are for single statements that read');
    if (isResting()) return ask(stead, sql, parameters);
    try {
      return await ask(replica, sql, parameters);
    } catch (error) {
      noteFailure(error);
      return ask(stead, sql, parameters);
    }
  }

  function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('cursors are not used here');
    return read<R>(sql, parameters);
  }

  return new PostgresDialect({ pool: { connect: async () => ({ query, release: () => {} }), end: async () => {}, options: {} } });
}

async function ask<R>({ connect }: PostgresPool, sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
  const { run, release } = await connect();
  try {
    return await run(sql, (client: { query: PostgresQuery }) => client.query<R>(sql, parameters));
  } finally {
    release();
  }
}

type PostgresQuery = <R>(sql: string, parameters: readonly unknown[]) => Promise<PostgresQueryResult<R>>;
