import type { EntityManager } from '@mikro-orm/sql';

/** Deletes at most `limit` rows that say no more than that a mail went out over a minute ago. How many. */
export async function sweepSettledMails(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    `delete from mails where id in (
       select id from mails where requested_at is null and next_attempt_at <= now() limit ? for update skip locked
     ) returning 1`,
    [limit],
  );
  return rows.length;
}
