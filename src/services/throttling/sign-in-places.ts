import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';

/** What addressBlock makes of an address that is not known: no place to remember. */
const NOWHERE = 'unknown';

/** SQL that remembers a place. Its parameters: the user's id, what `placeOf` says. */
export const rememberedPlace = `
  insert into sign_in_places (user_id, block) select * from (values (?::int, ?::cidr)) as p (user_id, block) where p.block is not null
  on conflict (user_id, block) do update set last_at = excluded.last_at`;

/** The place to remember for an address block, if it is one. */
export const placeOf = (block: string): string | null => (block === NOWHERE ? null : block);

/** Remembers, in the caller's transaction, from which address block a person proved who they are. */
export async function rememberPlace(em: EntityManager, userId: number, block: string): Promise<void> {
  if (block !== NOWHERE) await em.execute(rememberedPlace, [userId, block]);
}

/** What an account may be called: the spellings of its username, and its verified address. */
type Names = { readonly usernames: readonly string[]; readonly email: string | null };

/** Whether an account was signed in to from there during the last 30 days. */
export async function isKnownPlace(em: EntityManager, { usernames, email }: Names, block: string): Promise<boolean> {
  const statement = `
    select 1 from sign_in_places p join users u on u.id = p.user_id
     where (u.username = any($1::text[]) or u.email_verified and fold_case(u.email) = fold_case($3)) and p.block = $2::cidr and p.last_at > now() - interval '30 days'`;
  const values = [usernames, block === NOWHERE ? '0.0.0.0' : block, email];
  const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(statement, values));
  return block !== NOWHERE && rows.length > 0;
}

/** Deletes at most `limit` places that were not used for 30 days. How many. */
export async function sweepPlaces(em: EntityManager, limit: number): Promise<number> {
  const over = "select user_id, block from sign_in_places where last_at <= now() - interval '30 days' limit ? for update skip locked";
  const rows = await em.execute(`delete from sign_in_places where (user_id, block) in (${over}) returning 1`, [limit]);
  return rows.length;
}
