import type { EntityManager } from '@mikro-orm/sql';
import { idleSeconds, type TokenPolicy } from '../../config/tokens.ts';
import { digestOf, generateKey } from '../../shared/key.ts';
import { announce } from '../events/announce.ts';
import { User } from '../users/user.ts';

/** A user's plain key. */
export type IssuedKey = { readonly username: string; readonly key: string };

/** Which users are next: those with a greater id. */
type Next = { readonly after: number; readonly people: number };

/** `last`: the id of the last user looked at; null if none is left. */
export type EndedPart = { readonly count: number; readonly last: number | null };
export type IssuedPart = { readonly issued: readonly IssuedKey[]; readonly last: number | null };

type TokenOfMany = { readonly id: string; readonly userId: number; readonly name: string };

/** SQL for an active user `u` without a live token. */
const isWithoutToken =
  'u.is_active and not exists (select 1 from tokens where user_id = u.id and (expires_at is null or expires_at > now()))';

/** The id of the newest token; null when there is none. */
export async function newestToken(em: EntityManager): Promise<string | null> {
  const [row] = await em.execute<{ id: string | null }[]>('select max(id)::text as id from tokens');
  return row?.id ?? null;
}

/**
 * Revokes the tokens, up to the id `upTo`, of the next users with any, and records it. It locks users before their tokens, the order
 * that all code follows; for key share, so that the users can still log out.
 */
export async function endTokensOfNext(em: EntityManager, { after, people, upTo }: Next & { upTo: string }): Promise<EndedPart> {
  const locked = await em.execute<{ id: number }[]>(
    `select id from users u
      where id > ? and exists (select 1 from tokens where user_id = u.id and id <= ?::bigint)
      order by id limit ? for key share`,
    [after, upTo, people],
  );
  const ended = await em.execute<TokenOfMany[]>(
    `with ended as (
       delete from tokens where id <= ?::bigint and user_id in (select jsonb_array_elements_text(?::jsonb)::int)
       returning id, user_id, name
     ), noted as (
       insert into security_events (user_id, kind, token_id, token_name) select user_id, 'TOKEN_REVOKED', id, name from ended
     )
     select id::text, user_id as "userId", name from ended`,
    [upTo, JSON.stringify(locked.map(({ id }) => id))],
  );
  await tell(em, 'token.revoked', ended);
  return { count: ended.length, last: locked.at(-1)?.id ?? null };
}

async function tell(em: EntityManager, type: 'token.created' | 'token.revoked', tokens: readonly TokenOfMany[]): Promise<void> {
  for (const { userId, id, name } of tokens)
    await announce(em, type, { user: em.getReference(User, userId), actor: null, token: { id, name } });
}

/** How many active users have no live token. */
export async function countWithoutToken(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(`select count(*)::int as count from users u where ${isWithoutToken}`);
  return row?.count ?? 0;
}

/**
 * Issues a key to each of the next active users without a live one, and records it. It locks the users and then looks again: one of
 * them may just have logged in.
 */
export async function issueTokensToNext(
  em: EntityManager,
  { after, people, name }: Next & { name: string },
  policy: TokenPolicy,
): Promise<IssuedPart> {
  const locked = await em.execute<{ id: number }[]>(
    `select id from users u where id > ? and ${isWithoutToken} order by id limit ? for update`,
    [after, people],
  );
  const keys = new Map(locked.map(({ id }) => [id, generateKey()]));
  const digests = [...keys].map(([id, key]) => ({ id, digest: digestOf(key) }));
  const rows = await em.execute<(TokenOfMany & { username: string })[]>(
    `with issued as (
       insert into tokens (digest, user_id, name, expires_at)
       select g.digest, u.id, ?, least(now() + make_interval(secs => ?), now() + make_interval(secs => ?))
         from jsonb_to_recordset(?::jsonb) as g(id int, digest text) join users u on u.id = g.id
        where ${isWithoutToken}
       returning id, user_id, name
     ), noted as (
       insert into security_events (user_id, kind, token_id, token_name) select user_id, 'TOKEN_CREATED', id, name from issued
     )
     select i.id::text, u.id as "userId", i.name, u.username from issued i join users u on u.id = i.user_id order by u.id`,
    [name, idleSeconds(policy), policy.maxAge, JSON.stringify(digests)],
  );
  await tell(em, 'token.created', rows);
  const issued = rows.map(({ userId, username }) => ({ username, key: keys.get(userId) ?? '' }));
  return { issued, last: locked.at(-1)?.id ?? null };
}
