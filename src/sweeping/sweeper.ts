import type { EntityManager } from '@mikro-orm/sql';
import type { Log } from '../observability/log.ts';

/** Deletes at most `limit` rows past their time; how many. */
export type Sweep = (em: EntityManager, limit: number) => Promise<number>;

type Options = {
  readonly em: EntityManager;
  readonly sweeps: readonly Sweep[];
  readonly log: Log;
  /** Milliseconds between rounds. */
  readonly every?: number;
};

export type Sweeper = {
  /** Sweeps until nothing is left; leaves it to the node that is at it already. */
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const BATCH = 1000;

/** Deletes what has expired, in the background, in small transactions, one node at a time. */
export function createSweeper({ em, sweeps, log, every = 10 * 60_000 }: Options): Sweeper {
  let stopped = false;
  let round = Promise.resolve();
  const sweepAll = async () => {
    for (const sweep of sweeps) while (!stopped && (await sweepBatch(em, sweep)) === BATCH);
  };
  const sweepInTurn = () => (round = round.then(sweepAll).catch((err: unknown) => log.warn({ err }, 'expired rows were not swept')));
  const timer = setInterval(sweepInTurn, every).unref();
  const stop = () => {
    stopped = true;
    clearInterval(timer);
    return round;
  };
  return { sweep: sweepInTurn, stop };
}

const sweepBatch = (em: EntityManager, sweep: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    const [lock] = await transaction.execute("select pg_try_advisory_xact_lock(hashtext('graphql-token-auth:sweep')) as mine");
    return lock?.mine ? sweep(transaction, BATCH) : 0;
  });
