import { type PostgresCursor, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import { Pool, type PoolConfig, TypeOverrides, types } from 'pg';
import { connectionOf } from '../config/postgres-url.ts';
import { BEGIN, sessionStatement } from '../config/session.ts';
import { TooBusy } from './database-errors.ts';
import { type Lease, lend } from './lease.ts';
import { type QueryTrace, traceQueries } from './trace-queries.ts';

/** How many connections there are, and how many requests wait for one. */
export type Connections = { readonly busy: number; readonly idle: number; readonly waiting: number; readonly max: number };

export type PoolOptions = {
  readonly url: string;
  /** Connections at most. */
  readonly max: number;
  /** Seconds that a request waits at most for a database that does not answer; null: for ever, but for a connection. */
  readonly timeout: number | null;
  /** Told of each query. */
  readonly trace?: QueryTrace | undefined;
};

export type PostgresPool = {
  /** @throws TooBusy when too many are waiting */
  readonly connect: () => Promise<Lease>;
  readonly connections: () => Connections;
  /** For MikroORM, which would make a pool of its own that hands out broken connections. */
  readonly dialect: PostgresDialect;
  readonly end: () => Promise<void>;
};

const common = { keepAlive: true, fallback_application_name: 'graphql-token-auth' };

/** How many may wait for each connection of the pool. */
const WAITING_PER_CONNECTION = 50;
const CONNECT_TIMEOUT = 5000; // milliseconds, of who has all the time in the world

/** Opens a pool of connections whose every wait is bounded. */
export function createPostgresPool({ url, max, timeout, trace }: PoolOptions): PostgresPool {
  const pool = new Pool({ ...connectionOf(url, 'The URL of the database'), ...common, max, types: rawDates(), ...limits(timeout) });
  // What uses a connection hears of its end anyway, and an idle one is no loss.
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  if (trace) pool.on('connect', (client) => traceQueries(client, trace));
  const connectClient = async () => {
    if (pool.waitingCount >= WAITING_PER_CONNECTION * max) throw new TooBusy();
    return pool.connect();
  };
  const connect = async () => lend(await connectClient(), connectClient);
  const end = () => pool.end();
  const dialect = new PostgresDialect({ pool: { connect: async () => forKysely(await connect()), end: async () => {}, options: {} } });
  return { connect, connections: () => connectionsOf(pool, max), dialect, end };
}

const connectionsOf = ({ totalCount, idleCount, waitingCount }: Pool, max: number): Connections => ({
  busy: totalCount - idleCount,
  idle: idleCount,
  waiting: waitingCount,
  max,
});

/**
 * A quarter of the time for a connection and half of it for a statement leave the rest for tidying up. The server itself gives up
 * a little earlier, or statements that wait for a lock would pile up there.
 */
function limits(timeout: number | null): PoolConfig {
  const session = sessionStatement({ timeout: timeout && timeout * 450 });
  const onConnect: PoolConfig['onConnect'] = (client) => client.query(session);
  if (timeout === null) return { connectionTimeoutMillis: CONNECT_TIMEOUT, onConnect };
  return { connectionTimeoutMillis: timeout * 250, query_timeout: timeout * 500, onConnect };
}

/** Dates come as PostgreSQL writes them, for MikroORM to read. */
function rawDates(): TypeOverrides {
  const { DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL } = types.builtins;
  const overrides = new TypeOverrides();
  for (const type of [DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL]) overrides.setTypeParser(type, (text) => text);
  return overrides;
}

function forKysely({ run, release }: Lease): PostgresPoolClient {
  function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('cursors are not used here');
    const text = sql === 'begin' ? BEGIN : sql;
    return run(text, (client: PostgresPoolClient) => client.query<R>(text, parameters));
  }
  return { query, release };
}
