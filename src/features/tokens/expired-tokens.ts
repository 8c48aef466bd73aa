import type { EntityManager } from '@mikro-orm/sql';

/** Tokens are kept for a day past their end, so that their holders hear EXPIRED and not that the token never was. */
const sweep = `
  with ended as (
    delete from tokens where id in (
      select id from tokens where expires_at < now() - interval '1 day' limit ? for update skip locked
    ) returning id, user_id, name, expires_at
  )
  insert into security_events (user_id, kind, happened_at, token_id, token_name)
  select user_id, 'TOKEN_EXPIRED', expires_at, id, name from ended returning 1`;

/** Deletes at most `limit` tokens past their time and notes it. How many. */
export async function sweepExpiredTokens(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(sweep, [limit]);
  return rows.length;
}
