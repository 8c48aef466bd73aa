import type { EntityManager } from '@mikro-orm/sql';
import type { Log } from '../observability/log.ts';
import { BATCH, type Sweeps, sweepBatch } from './sweeping/sweep.ts';

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
