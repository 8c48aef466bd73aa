import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { usersFrom } from './staged-rows.ts';

/** What becomes of a user. The first four are, or will be, here as Django has them. */
export type UserVerdict = 'new' | 'changed' | 'unchanged' | 'adopted' | 'deleted-here' | 'id-taken' | 'username-taken';

/** What became of users. `kept` counts the changed ones of whom something stays as it was changed here. */
export type UserVerdicts = {
  readonly counts: readonly { readonly verdict: UserVerdict; readonly count: number }[];
  readonly kept: number;
  readonly refused: readonly { id: number; username: string; verdict: UserVerdict }[];
};

/**
 * Compares each user (s) with the one here (u) and with what Django said the last time (b): what differs between s and b
 * was changed in Django since; what differs between b and u was changed here.
 */
const stage = `
  create temp table staged_users on commit drop as
  select s.id, s.username, s.canonical, s.password, md5(s.password) as password_there, s.email, s.first_name, s.last_name,
         s.is_active, s.is_staff, s.is_superuser, s.date_joined, s.last_login, s.tokens::text[] as tokens,
         case
           when b.id is not null and u.id is null then 'deleted-here'
           when b.id is null and u.id is null then case when n.id is null then 'new' else 'username-taken' end
           when b.id is null then
             case when (u.username, u.password_hash, u.date_joined) = (s.username, s.password, coalesce(s.date_joined, u.date_joined))
               then 'adopted' else 'id-taken' end
           when s.username <> b.username and s.date_joined <> u.date_joined then 'id-taken'
           when s.username <> b.username and u.username = b.username and n.id is not null then 'username-taken'
           when (s.username, s.email, s.first_name, s.last_name, s.is_active, s.is_staff, s.is_superuser, md5(s.password))
              = (b.username, b.email, b.first_name, b.last_name, b.is_active, b.is_staff, b.is_superuser, b.password_there)
            and coalesce(s.last_login <= u.last_login, s.last_login is null)
            and coalesce(s.date_joined = u.date_joined, true) then 'unchanged'
           else 'changed'
         end as verdict,
         b.id is not null and (
              (s.username <> b.username and u.username not in (b.username, s.username))
           or (s.email <> b.email and u.email not in (b.email, s.email))
           or (s.first_name <> b.first_name and u.first_name not in (b.first_name, s.first_name))
           or (s.last_name <> b.last_name and u.last_name not in (b.last_name, s.last_name))
           or (md5(s.password) <> b.password_there and md5(u.password_hash) <> b.password_here)
         ) as is_kept
    from ${usersFrom}
    left join users u on u.id = s.id
    left join django_users b on b.id = s.id
    left join users n on n.username = s.username and n.id <> s.id`;

/** The first of those whose names differ in case only has the canonical one, so that no other account can register it. */
const canonical = `
  case when row_number() over (partition by s.canonical order by s.id) = 1
        and not exists (select from users o where o.canonical_username = s.canonical and o.id <> s.id) then s.canonical end`;

const insert = `
  insert into users (id, username, canonical_username, email, first_name, last_name, password_hash,
                     is_active, is_staff, is_superuser, date_joined, last_login)
  select id, username, ${canonical}, email, first_name, last_name, password,
         is_active, is_staff, is_superuser, coalesce(date_joined, now()), last_login
    from staged_users s where verdict = 'new' order by id`;

/** After `insert … on conflict do nothing`: who has a username that was taken meanwhile, or that the batch has twice. */
const noteBeaten = `
  update staged_users s set verdict = 'username-taken'
   where verdict = 'new' and not exists (select from users u where u.id = s.id)`;

/** What Django says, unless it was changed here. */
const ours = (column: string): string => `case when u.${column} = b.${column} then s.${column} else u.${column} end`;

const update = `
  update users u
     set username = ${ours('username')},
         canonical_username = case when u.username = b.username and s.username <> b.username then s.new_canonical else u.canonical_username end,
         email = ${ours('email')},
         email_verified = u.email_verified and (s.email = b.email or u.email <> b.email),
         first_name = ${ours('first_name')}, last_name = ${ours('last_name')},
         is_active = ${ours('is_active')}, is_staff = ${ours('is_staff')}, is_superuser = ${ours('is_superuser')},
         password_hash = case when s.password_there <> b.password_there and md5(u.password_hash) = b.password_here
                              then s.password else u.password_hash end,
         date_joined = coalesce(s.date_joined, u.date_joined), last_login = greatest(s.last_login, u.last_login)
    from (select s.*, ${canonical} as new_canonical from staged_users s where verdict = 'changed') s
    join django_users b on b.id = s.id
   where u.id = s.id`;

const remember = `
  insert into django_users as b (id, username, email, first_name, last_name, is_active, is_staff, is_superuser,
                                 password_there, password_here, tokens)
  select s.id, s.username, s.email, s.first_name, s.last_name, s.is_active, s.is_staff, s.is_superuser,
         s.password_there, s.password_there, s.tokens
    from staged_users s
   where s.verdict in ('new', 'adopted', 'changed')
      or s.verdict = 'unchanged' and s.tokens <> (select tokens from django_users where id = s.id)
  on conflict (id) do update
     set username = excluded.username, email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
         is_active = excluded.is_active, is_staff = excluded.is_staff, is_superuser = excluded.is_superuser,
         password_there = excluded.password_there, tokens = excluded.tokens,
         password_here = case when b.password_there = excluded.password_there then b.password_here else excluded.password_here end`;

/** Opening an account ends its tokens, except where Django opens it: there they work again, and its keys are the same ones. */
const followDjango = "select set_config('graphql_token_auth.follows_django', 'on', true)";

/** Says what becomes of users, in the caller's transaction; what follows builds on it. */
export async function stageUsers(em: EntityManager, arrays: readonly string[]): Promise<UserVerdicts> {
  await em.getKysely().executeQuery(CompiledQuery.raw(stage, [...arrays]));
  await em.execute('create index on staged_users (id)');
  return userVerdicts(em);
}

/**
 * Adds and changes users as `stageUsers` said. @param careful leave out, instead of failing, who collides with somebody who
 * registers at this very moment
 */
export async function mergeUsers(em: EntityManager, { counts }: UserVerdicts, careful: boolean): Promise<void> {
  const has = (wanted: UserVerdict) => counts.some(({ verdict }) => verdict === wanted);
  if (has('new')) await em.execute(careful ? `${insert} on conflict do nothing` : insert);
  if (has('new') && careful) await em.execute(noteBeaten);
  if (!has('changed')) return;
  await em.execute(followDjango);
  await em.execute(update);
}

/** Takes down what Django said, once users and tokens are merged. */
export const rememberUsers = (em: EntityManager): Promise<unknown> => em.execute(remember);

export async function userVerdicts(em: EntityManager): Promise<UserVerdicts> {
  const rows = await em.execute<{ verdict: UserVerdict; count: number; kept: number }[]>(
    'select verdict, count(*)::int as count, (count(*) filter (where is_kept))::int as kept from staged_users group by verdict',
  );
  const refused = await em.execute<{ id: number; username: string; verdict: UserVerdict }[]>(
    "select id, username, verdict from staged_users where verdict in ('id-taken', 'username-taken') order by id",
  );
  const kept = rows.find(({ verdict }) => verdict === 'changed')?.kept ?? 0;
  return { counts: rows, kept, refused };
}

/** Users within a range of ids who came from Django and are no longer there; `there` says who is. */
export const findGone = (
  em: EntityManager,
  range: readonly [string, string],
  there: readonly string[],
): Promise<{ id: number; username: string }[]> =>
  em.execute(
    `select u.id, u.username from django_users b join users u on u.id = b.id
      where b.id > ?::bigint and b.id <= ?::bigint and not b.id = any(?::bigint[]) order by u.id`,
    [...range, `{${there.join()}}`],
  );

/** Moves the sequence past the ids of Django, so that new accounts here get none of them: one that was never used has 1 as its last value. */
export async function reserveIds(em: EntityManager, highest: string): Promise<void> {
  await em.execute(
    "select setval('users_id_seq', ?::bigint) from users_id_seq where last_value < ?::bigint or not is_called and ?::bigint >= last_value",
    [highest, highest, highest],
  );
}
