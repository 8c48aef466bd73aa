import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { TOKEN_NAME, tokensFrom, usersFrom } from './staged-rows.ts';

const USER_PARAMETERS = 13;

const anybody = `
  select exists (select from users where id > $1::bigint and id <= $2::bigint)
      or exists (select from django_users where id > $1::bigint and id <= $2::bigint) as found`;

/** Whether there is, or was, anybody here with an id in a range. */
export async function isAnybodyHere(em: EntityManager, range: readonly [string, string]): Promise<boolean> {
  const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(anybody, [...range]));
  return rows.some((row) => typeof row === 'object' && row !== null && 'found' in row && row.found === true);
}

type Added = { readonly users: number; readonly tokens: number };

/** Everything in one statement, with nothing compared. No conflict fails: PostgreSQL would log the row that is in the way. */
const insert = `
  with s as (select * from ${usersFrom}), added as (
    insert into users (id, username, canonical_username, email, first_name, last_name, password_hash,
                       is_active, is_staff, is_superuser, date_joined, last_login)
    select id, username, canonical, email, first_name, last_name, password,
           is_active, is_staff, is_superuser, coalesce(date_joined, now()), last_login from s
    on conflict do nothing returning id
  ), remembered as (
    insert into django_users (id, username, email, first_name, last_name, is_active, is_staff, is_superuser,
                              password_there, password_here, tokens)
    select id, username, email, first_name, last_name, is_active, is_staff, is_superuser, md5(password), md5(password), tokens::text[] from s
    on conflict do nothing
  ), issued as (
    insert into tokens (digest, user_id, name, created_at, expires_at, slides)
    select digest, user_id, '${TOKEN_NAME}', coalesce(created, now()), expiry, false from ${tokensFrom(USER_PARAMETERS)}
     where user_id in (select id from added)
    on conflict do nothing returning 1
  )
  select (select count(*) from added)::int as users, (select count(*) from issued)::int as tokens`;

/**
 * Adds a batch of whom nobody is here yet: the first import, at about the speed of COPY. How many rows of both; fewer than were
 * given when somebody has one of the usernames, in any case, or one of the keys: then the caller rolls back.
 */
export async function insertBatch(em: EntityManager, users: readonly string[], tokens: readonly string[]): Promise<Added | undefined> {
  const { rows } = await em
    .getKysely()
    .executeQuery<Added>(CompiledQuery.raw(insert, [...users, ...tokens]))
    .catch((error: Error) => {
      throw em.getDriver().convertException(error);
    });
  return rows[0];
}
