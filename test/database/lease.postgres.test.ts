import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../src/database/lease.ts';
import { createPostgresPool, type PostgresPool } from '../../src/database/postgres-pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { until } from '../support/until.ts';

const MAX = 3;

let database: TestDatabase;
let url: string;
let outside: pg.Client;
let pool: PostgresPool;
beforeAll(async () => {
  database = await createTestDatabase();
  url = database.env.DATABASE_URL ?? '';
  outside = new pg.Client({ connectionString: url });
  await outside.connect();
  await outside.query(`
    create table notes (note text);
    create table slow_notes (note text);
    create function take_a_while() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return null; end';
    create constraint trigger slow_commit after insert on slow_notes deferrable initially deferred
      for each row execute function take_a_while()`);
  pool = createPostgresPool({ url, max: MAX, timeout: 2 });
});
afterAll(async () => {
  await pool.end();
  await outside.end();
  await database.drop();
});
beforeEach(() => outside.query('truncate notes'));

const ask = ({ run }: Lease, text: string) => run(text, (client) => client.query(text));
const once = async (text: string) => {
  const lease = await pool.connect();
  return ask(lease, text).finally(lease.release);
};
const notes = async () => (await outside.query('select note from notes')).rows.map(({ note }) => note);
const others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
const terminateAll = () => outside.query(`select pg_terminate_backend(pid) ${others}`);
const isRunning = async (text: string) =>
  (await outside.query(`select ${others} and state = 'active' and query = $1`, [text])).rowCount === 1;

/** Fills the pool with connections, and ends them all at once without letting anybody know. */
async function fillWithDead(): Promise<void> {
  const leases = await Promise.all(Array.from({ length: MAX }, () => pool.connect()));
  for (const { release } of leases) release();
  await terminateAll();
}

/** Has `text` done on a lease and ends its back end meanwhile. */
async function breakUnder(lease: Lease, text: string) {
  const done = ask(lease, text);
  done.catch(() => {}); // whoever awaits it sees to that
  await until(() => isRunning(text));
  await terminateAll();
  return done;
}

describe('a connection that breaks', () => {
  it('before a read or a transaction is nobody’s concern', async () => {
    for (let n = 0; n < 5; n++) {
      await fillWithDead();
      expect((await once('select 1 as one')).rows).toEqual([{ one: 1 }]);
      await fillWithDead();
      const lease = await pool.connect();
      await ask(lease, 'begin');
      await ask(lease, `insert into notes values ('${n}')`);
      await ask(lease, 'commit');
      lease.release();
    }
    expect(await notes()).toHaveLength(5);
  });

  it('under a read makes it run again, and under what may be done twice', async () => {
    for (const text of ['select pg_sleep(0.3)', "/* repeatable */ insert into notes select 'twice' from pg_sleep(0.3)"]) {
      const lease = await pool.connect();
      await breakUnder(lease, text);
      lease.release();
    }
    expect(await notes()).toEqual(['twice']);
  });

  it('under any other write makes it fail, and it is not done again', async () => {
    const lease = await pool.connect();
    const text = "insert into notes select 'once' from pg_sleep(0.3)";
    await expect(breakUnder(lease, text)).rejects.toMatchObject({ code: '57P01' });
    expect(await notes()).toEqual([]);
  });

  it('in a transaction leaves an error that says so, unless COMMIT was under way', async () => {
    const lease = await pool.connect();
    await ask(lease, 'begin');
    await expect(breakUnder(lease, 'select pg_sleep(0.3)')).rejects.toMatchObject({ isUndone: true });
    const other = await pool.connect();
    await ask(other, 'begin');
    await ask(other, "insert into slow_notes values ('unsure')");
    await expect(breakUnder(other, 'commit')).rejects.not.toHaveProperty('isUndone');
  });

  it('is never missing from the pool afterwards, though nobody gives it back', async () => {
    for (let n = 0; n < 3 * MAX; n++) {
      const lease = await pool.connect();
      await ask(lease, 'begin');
      await terminateAll();
      await expect(ask(lease, 'select 1')).rejects.toThrow();
      await expect(ask(lease, 'rollback')).rejects.toThrow('Connection terminated');
    }
    expect((await once('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a statement that takes too long', () => {
  it('is cancelled by the server itself, and the connection goes on', async () => {
    await expect(once('select pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    expect((await outside.query(`select ${others} and state = 'active'`)).rowCount).toBe(0);
  });

  it('takes its connection with it where the server does not, so that nobody ends up in its transaction', async () => {
    const lease = await pool.connect();
    await ask(lease, 'begin');
    await ask(lease, 'set local statement_timeout = 0');
    await ask(lease, "insert into notes values ('lost')");
    await expect(ask(lease, 'select pg_sleep(3)')).rejects.toThrow('Query read timeout');
    await expect(ask(lease, 'rollback')).rejects.toThrow('Connection terminated');
    await once("insert into notes values ('kept')");
    await terminateAll();
    expect(await notes()).toEqual(['kept']);
  });
});

it('a bounded number may wait for a connection; the others are told to come back', async () => {
  const patient = createPostgresPool({ url, max: MAX, timeout: null });
  const leases = await Promise.all(Array.from({ length: MAX }, () => patient.connect()));
  const waiting = Array.from({ length: 50 * MAX }, () => patient.connect());
  await expect(patient.connect()).rejects.toMatchObject({ name: 'TooBusy' });
  for (const { release } of leases) release();
  for (const lease of waiting) (await lease).release();
  (await patient.connect()).release();
  await patient.end();
});
