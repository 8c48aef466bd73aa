import type { EntityManager } from '@mikro-orm/sql';

/** A token that no longer stands for what it stood for. */
export type EndedToken = {
  readonly id: string;
  readonly tokenId: string;
  /** False: it goes on, but its owner's name or rights are others now. */
  readonly ended: boolean;
};

/** What ended, and from where to read on. */
export type EndedTokens = { readonly rows: readonly EndedToken[]; readonly position: string };

/** Seconds for which ends are kept. */
const KEPT = 60 * 60;

/** Rows at a time; a reader who is further behind has to forget everything. */
const MOST = 10_000;

/** Where the log of ends is now. Transactions that are under way come after it. */
export async function currentPosition(em: EntityManager): Promise<string> {
  const [row] = await em.execute(`select pg_snapshot_xmin(pg_current_snapshot())::text as position`);
  return String(row?.position);
}

/**
 * What ended at a position and after it. Some of it may have been read before: a transaction is over only when all older ones are.
 * Null when it cannot be told any more, or when the position is not of this database.
 */
export async function endedSince(em: EntityManager, position: string): Promise<EndedTokens | null> {
  const [row] = await em.execute(
    `select pg_snapshot_xmin(pg_current_snapshot())::text as position,
            ?::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) as "isOurs",
            (select coalesce(json_agg(json_build_object('id', id::text, 'tokenId', token_id::text, 'ended', ended)), '[]')
               from (select * from ended_tokens where transaction >= ?::xid8 order by id limit ${MOST}) as found) as rows`,
    [position, position],
  );
  return row?.isOurs === true && row.rows.length < MOST ? { rows: row.rows, position: row.position } : null;
}

/** Whether ends since a moment are all kept still. @param seconds since 1970 */
export const isKeptSince = (seconds: number): boolean => Date.now() / 1000 - seconds < KEPT / 2;

/** Deletes at most `limit` ends that are past their hour; how many. */
export async function sweepEndedTokens(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    `delete from ended_tokens where id in (
       select id from ended_tokens where happened_at < now() - interval '${KEPT} seconds' order by id limit ? for update skip locked
     ) returning 1`,
    [limit],
  );
  return rows.length;
}
