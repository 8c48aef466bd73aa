import { DeadlockException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import type { Checked } from './check-batch.ts';
import { mergeTokens, stageTokens, type TokenVerdicts } from './merge-tokens.ts';
import { findGone, mergeUsers, rememberUsers, stageUsers, type UserVerdicts, userVerdicts } from './merge-users.ts';
import { TOKEN_NAME, tokensFrom, usersFrom } from './staged-rows.ts';

type Scope = {
  /** Where to look for users who are gone from Django; null: nowhere. */
  readonly range: readonly [string, string] | null;
  readonly there: readonly string[];
  readonly dryRun: boolean;
};

/** What became of a batch. */
export type Merged = {
  readonly users: UserVerdicts;
  readonly tokens: TokenVerdicts;
  /** Tokens that were ended. */
  readonly ended: number;
  readonly gone: readonly { readonly id: number; readonly username: string }[];
};

/** Writes a batch, whole or not at all. */
export async function mergeBatch(em: EntityManager, checked: Checked, scope: Scope): Promise<Merged> {
  const { range, dryRun } = scope;
  if (range && !dryRun && !(await isRangeInUse(em.fork(), range))) {
    const added = await tryInsert(em, checked);
    if (added) return added;
  }
  return mergeAgain(em, checked, scope);
}

/** Null when another account has one of the usernames, in any case, or two of the batch differ in case only. */
async function tryInsert(em: EntityManager, { users, tokens, sizes }: Checked): Promise<Merged | null> {
  const isComplete = (added: Awaited<ReturnType<typeof insertBatch>>) =>
    added?.users === sizes.user && added.tokens === sizes.token + sizes.knox;
  try {
    await em.fork().transactional(async (transaction) => {
      if (!isComplete(await insertBatch(transaction, users, tokens))) throw new Incomplete();
    });
  } catch (error) {
    if (isRace(error)) return null;
    throw error;
  }
  const kinds = (['token', 'knox'] as const).filter((kind) => sizes[kind] > 0);
  return {
    users: { counts: sizes.user > 0 ? [{ verdict: 'new', count: sizes.user }] : [], kept: 0, refused: [] },
    tokens: { counts: kinds.map((kind) => ({ kind, verdict: 'new', count: sizes[kind] })), refused: [] },
    ended: 0,
    gone: [],
  };
}

/** Rolls back what was added of a batch that collides. */
class Incomplete extends Error {
  override name = 'Incomplete';
}

const isRace = (error: unknown): boolean =>
  error instanceof Incomplete || error instanceof UniqueConstraintViolationException || error instanceof DeadlockException;

const ATTEMPTS = 3;

/** A name may be registered while a batch is being written, or another batch may wait for it: then the batch is looked at again. */
async function mergeAgain(em: EntityManager, checked: Checked, scope: Scope, attempt = 1): Promise<Merged> {
  try {
    return await em.fork().transactional((transaction) => merge(transaction, checked, { ...scope, careful: attempt > 1 }));
  } catch (error) {
    if (!isRace(error) || attempt === ATTEMPTS) throw error;
    return mergeAgain(em, checked, scope, attempt + 1);
  }
}

// Without statistics of the staged rows the planner would read the whole of each table for every batch.
const prepare = "select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";

async function merge(
  em: EntityManager,
  { users, tokens }: Checked,
  { range, there, dryRun, careful }: Scope & { careful: boolean },
): Promise<Merged> {
  await em.execute(prepare);
  const planned = await stageUsers(em, users);
  if (!dryRun) await mergeUsers(em, planned, careful);
  const tokenVerdicts = await stageTokens(em, tokens);
  const ended = dryRun ? 0 : await mergeTokens(em, tokenVerdicts);
  if (!dryRun) await rememberUsers(em);
  const gone = range ? await findGone(em, range, there) : [];
  return { users: careful ? await userVerdicts(em) : planned, tokens: tokenVerdicts, ended, gone };
}

const USER_PARAMETERS = 13;

const inUse = `
  select exists (select from users where id > $1::bigint and id <= $2::bigint)
      or exists (select from django_users where id > $1::bigint and id <= $2::bigint) as found`;

/** Whether a user with an id in this range is, or was, here. */
async function isRangeInUse(em: EntityManager, range: readonly [string, string]): Promise<boolean> {
  const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(inUse, [...range]));
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
 * Adds a batch of users of whom none is here yet: the first import, at about the speed of COPY. How many rows of both; fewer than were
 * given when another account has one of the usernames, in any case, or one of the keys: then the caller rolls back.
 */
async function insertBatch(em: EntityManager, users: readonly string[], tokens: readonly string[]): Promise<Added | undefined> {
  const { rows } = await em
    .getKysely()
    .executeQuery<Added>(CompiledQuery.raw(insert, [...users, ...tokens]))
    .catch((error: Error) => {
      throw em.getDriver().convertException(error);
    });
  return rows[0];
}
