import { totalmem } from 'node:os';
import pg from 'pg';
import { runManage } from '../../test/support/app/manage.ts';
import { startPostgres } from '../../test/support/database/postgres-server.ts';
import { parentOf } from '../measure/cpu-meter.ts';
import { type LoggingServer, startLoggingServer } from './logging-server.ts';

/** A PostgreSQL with this product's tables, and what runs on it. */
export type Bed = {
  readonly databaseUrl: string;
  /** Of the process that has all the others of PostgreSQL as children. */
  readonly databasePid: number;
  readonly sql: pg.Client;
  /** Starts the product as it runs in production, everything switched on. @param env what differs */
  readonly startServer: (env?: Record<string, string>) => Promise<LoggingServer>;
  /** Has something stopped with the bed; what was last kept goes first. */
  readonly keep: (stop: () => Promise<unknown>) => void;
  readonly stop: () => Promise<void>;
};

/** A quarter of the memory, as PostgreSQL's manual says: the default of 128 MB is for starting up anywhere. */
const SHARED_BUFFERS_MB = Math.floor(Math.min(totalmem() / 4, 8e9) / 1e6);

/** Makes a bed, works on it and stops it and all that runs on it, come what may. */
export async function withBed<Result>(work: (bed: Bed) => Promise<Result>): Promise<Result> {
  const bed = await makeBed();
  try {
    return await work(bed);
  } finally {
    await bed.stop();
  }
}

/** Starts the PostgreSQL of the development dependencies and migrates it with the product's own command. */
async function makeBed(): Promise<Bed> {
  const postgres = await startPostgres([`shared_buffers=${SHARED_BUFFERS_MB}MB`]);
  const stops: (() => Promise<unknown>)[] = [postgres.stop];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const sql = new pg.Client({ connectionString: postgres.url });
    await sql.connect();
    stops.push(() => sql.end());
    const migrated = await runManage(['migrate'], { env: { DATABASE_URL: postgres.url } });
    if (migrated.code !== 0) throw new Error(`migrate failed:\n${migrated.stderr}`);
    const keep = (end: () => Promise<unknown>) => stops.push(end);
    const startServer = async (env: Record<string, string> = {}) => {
      const server = await startLoggingServer({ ...production, DATABASE_URL: postgres.url, ...env });
      keep(server.stop);
      return server;
    };
    return { databaseUrl: postgres.url, databasePid: await postmasterOf(sql), sql, startServer, keep, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The cost of a hash is the least that production allows, or the comparison of logins would take an hour. */
export const BCRYPT_COST = 10;

const production = { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: String(BCRYPT_COST) };

async function postmasterOf(sql: pg.Client): Promise<number> {
  const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
  return parentOf(rows[0]?.pid ?? 0);
}
