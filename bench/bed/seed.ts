import { hash as digest } from 'node:crypto';
import bcrypt from 'bcrypt';
import { GOOD_PASSWORD } from '../../test/support/client/graphql-client.ts';
import { BCRYPT_COST, type Bed } from './bed.ts';

type Sql = Bed['sql'];

export const usernameOf = (n: number): string => `user-${n}`;

/** Adds users until there are so many; all have `GOOD_PASSWORD`. The first is number 1. */
export async function seedUsers(sql: Sql, count: number): Promise<void> {
  const hash = `bcrypt_sha256$${bcrypt.hashSync(digest('sha256', GOOD_PASSWORD), BCRYPT_COST)}`;
  await sql.query(
    `insert into users (username, canonical_username, email, password_hash)
     select 'user-' || n, 'user-' || n, 'user-' || n || '@example.com', $1
       from generate_series((select coalesce(max(id), 0) + 1 from users), $2::int) n`,
    [hash, count],
  );
  await sql.query('vacuum analyze users');
}

/**
 * Adds tokens until there are so many, shared out among the users; `keyOf(n)` is the key of the nth.
 * @param lastUsedIn seconds from now; in the future no use is due to be noted, so that only the lookup is measured
 */
export async function seedTokens(sql: Sql, count: number, lastUsedIn = 0): Promise<void> {
  const restoreIndexes = count > 100_000 ? await dropIndexes(sql, 'tokens') : async () => {};
  await sql.query('set session_replication_role = replica'); // no check of each foreign key
  await sql.query(
    `insert into tokens (digest, user_id, last_used_at, expires_at)
     select encode(sha256(convert_to(left(encode(sha256(convert_to('bench-' || n, 'UTF8')), 'hex'), 40), 'UTF8')), 'hex'),
            1 + n % (select count(*) from users), now() + make_interval(secs => $2), now() + interval '30 days'
       from generate_series((select count(*) from tokens), $1::bigint - 1) n`,
    [count, lastUsedIn],
  );
  await sql.query('reset session_replication_role');
  await restoreIndexes();
  await sql.query('vacuum analyze tokens');
  await sql.query('checkpoint');
}

/** Reads tables and their indexes into PostgreSQL's memory, where a database that has been up for a day has what is in use. */
export async function prewarm(sql: Sql, tables: readonly string[]): Promise<void> {
  await sql.query('create extension if not exists pg_prewarm');
  await sql.query(
    `select pg_prewarm(oid) from pg_class
      where oid = any($1::regclass[]) or oid in (select indexrelid from pg_index where indrelid = any($1::regclass[]))`,
    [tables],
  );
}

/** An index is made faster than it is kept up to date. Returns what makes them again. */
async function dropIndexes(sql: Sql, table: string): Promise<() => Promise<void>> {
  const { rows } = await sql.query<{ drop: string; create: string }>(
    `select coalesce('alter table ' || i.indrelid::regclass || ' drop constraint ' || c.conname, 'drop index ' || i.indexrelid::regclass) as "drop",
            coalesce('alter table ' || i.indrelid::regclass || ' add constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid),
                     pg_get_indexdef(i.indexrelid)) as "create"
       from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'u'
      where i.indrelid = $1::regclass and not i.indisprimary`,
    [table],
  );
  for (const { drop } of rows) await sql.query(drop);
  return async () => {
    await sql.query(`set maintenance_work_mem = '512MB'`);
    for (const { create } of rows) await sql.query(create);
    await sql.query('reset maintenance_work_mem');
  };
}

/**
 * Spreads the last use of tokens over the past minute, as it is where people keep coming: in every second so many are due to be
 * noted again. Without it a measurement of a few seconds would see none of these writes, or those of a whole minute.
 */
export async function spreadLastUse(sql: Sql): Promise<void> {
  await sql.query(`update tokens set last_used_at = now() - random() * interval '1 minute'`);
  await sql.query('vacuum tokens');
}
