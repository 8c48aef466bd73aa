import type { EntityManager } from '@mikro-orm/sql';
import type { Log } from '../observability/log.ts';
import type { Feature, Sweep } from '../shared/feature.ts';

/** What does not stay for ever, by name. */
export type Sweeps = Readonly<Record<string, Sweep>>;

/** Those of all features. */
export const sweepsOf = (features: readonly Feature[]): Sweeps => Object.assign({}, ...features.map(({ sweeps }) => sweeps));

/** Rows in one transaction. */
const BATCH = 1000;

const LOCK = "hashtext('graphql-token-auth:sweep')";

/** Sweeps one batch in a transaction of its own, unless another process is at it: then 0. */
const sweepBatch = (em: EntityManager, { run }: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    const [lock] = await transaction.execute(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
    return lock?.mine ? run(transaction, BATCH) : 0;
  });

/** The same, waiting for its turn. */
const sweepBatchInTurn = (em: EntityManager, { run }: Sweep): Promise<number> =>
  em.fork().transactional(async (transaction) => {
    await transaction.execute(`select pg_advisory_xact_lock(${LOCK})`);
    return run(transaction, BATCH);
  });

type Options = {
  readonly em: EntityManager;
  readonly log: Log;
  readonly sweeps: Sweeps;
  /** Told how many tokens have been swept. */
  readonly countTokens?: (swept: number) => void;
  /** Milliseconds between rounds. */
  readonly every?: number;
};

export type Sweeper = {
  /** Sweeps until nothing is left; leaves it to the node that is at it already. */
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Deletes what has expired, in the background, in small transactions, one node at a time. */
export function createSweeper({ em, log, sweeps, countTokens, every = 10 * 60_000 }: Options): Sweeper {
  let stopped = false;
  let round = Promise.resolve();
  const sweepAll = async () => {
    for (const [kind, sweep] of Object.entries(sweeps)) {
      let swept = BATCH;
      while (!stopped && swept === BATCH) {
        swept = await sweepBatch(em, sweep);
        if (kind === 'tokens') countTokens?.(swept);
      }
    }
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

/** How many rows of each kind. */
export type Pruned = Readonly<Record<string, number>>;

/** Deletes all that is past its time, in small transactions, taking turns with the servers that do the same. */
export async function prune(em: EntityManager, sweeps: Sweeps, onDeleted: (count: number) => void): Promise<Pruned> {
  const sweepOut = async (sweep: Sweep): Promise<number> => {
    let total = 0;
    for (let count = BATCH; count === BATCH; total += count) {
      count = await sweepBatchInTurn(em, sweep);
      onDeleted(count);
    }
    return total;
  };
  const pruned: Record<string, number> = {};
  for (const [name, sweep] of Object.entries(sweeps)) pruned[name] = await sweepOut(sweep);
  return pruned;
}
