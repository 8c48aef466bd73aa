import type { EntityManager } from '@mikro-orm/sql';
import type { Feature, Sweep } from '../../shared/feature.ts';

/** What does not stay for ever, by name. */
export type Sweeps = Readonly<Record<string, Sweep>>;

/** Those of all features. */
export const sweepsOf = (features: readonly Feature[]): Sweeps => Object.assign({}, ...features.map(({ sweeps }) => sweeps));

/** Rows in one transaction. */
export const BATCH = 1000;

const LOCK = "hashtext('graphql-token-auth:sweep')";

/** Sweeps one batch in a transaction of its own, unless another process is at it: then 0. */
export const sweepBatch = (em: EntityManager, { run }: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    const [lock] = await transaction.execute(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
    return lock?.mine ? run(transaction, BATCH) : 0;
  });

/** The same, waiting for its turn. */
export const sweepBatchInTurn = (em: EntityManager, { run }: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    await transaction.execute(`select pg_advisory_xact_lock(${LOCK})`);
    return run(transaction, BATCH);
  });
