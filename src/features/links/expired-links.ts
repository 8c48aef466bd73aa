import type { EntityManager } from '@mikro-orm/sql';

/** Deletes at most `limit` links past their time. How many. */
export async function sweepExpiredLinks(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    'delete from links where id in (select id from links where expires_at <= now() limit ? for update skip locked) returning 1',
    [limit],
  );
  return rows.length;
}
