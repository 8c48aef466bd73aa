import type { EntityManager } from '@mikro-orm/sql';
import { sweepExpiredLinks } from '../links/expired-links.ts';
import { sweepSettledMails } from '../mail/settled-mails.ts';
import { sweepAttempts } from '../throttling/attempts.ts';
import { sweepPlaces } from '../throttling/sign-in-places.ts';
import { sweepExpiredTokens } from '../tokens/expired-tokens.ts';

/** Deletes at most `limit` rows past their time; how many. */
export type Sweep = (em: EntityManager, limit: number) => Promise<number>;

/** What does not stay for ever. */
export const sweeps = {
  tokens: sweepExpiredTokens,
  links: sweepExpiredLinks,
  mails: sweepSettledMails,
  attempts: sweepAttempts,
  places: sweepPlaces,
} as const satisfies Record<string, Sweep>;

export type SweepKind = keyof typeof sweeps;

/** Rows in one transaction. */
export const BATCH = 1000;

const LOCK = "hashtext('graphql-token-auth:sweep')";

/** Sweeps one batch in a transaction of its own, unless another process is at it: then 0. */
export const sweepBatch = (em: EntityManager, sweep: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    const [lock] = await transaction.execute(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
    return lock?.mine ? sweep(transaction, BATCH) : 0;
  });

/** The same, waiting for its turn. */
export const sweepBatchInTurn = (em: EntityManager, sweep: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    await transaction.execute(`select pg_advisory_xact_lock(${LOCK})`);
    return sweep(transaction, BATCH);
  });
