import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { HashResult, HashTask } from './hash-worker.ts';

/** Where hashing happens. */
export type HashPool = {
  /** In the order asked for. Null at once when too many are waiting. */
  readonly run: (task: HashTask) => Promise<HashResult | null>;
  /** Waits for the hashes under way and lets the threads go. */
  readonly stop: () => Promise<void>;
};

/**
 * Threads of their own, one a core, that give way to everything else: a flood of logins must not slow those who are
 * signed in, and libuv's threads are for DNS and the file system.
 * @param queue how many may wait for a core
 */
export function createHashPool({ queue }: { readonly queue: number }): HashPool {
  const pool = new Piscina<HashTask, HashResult>({
    filename: new URL('./hash-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: availableParallelism(),
    stricterFIFO: true, // or whoever is next in line may be sent to its end
    niceIncrement: 19,
    idleTimeout: 60_000,
  });
  return {
    run: async (task) => (pool.queueSize >= queue ? null : pool.run(task)),
    stop: () => pool.close(),
  };
}

/** Measures how long work takes that does not come to nothing. */
type Time = (work: () => Promise<HashResult | null>) => Promise<HashResult | null>;

/** The same, with every hash measured from when it is asked for. */
export const timedHashPool = (pool: HashPool, time: Time): HashPool => ({ ...pool, run: (task) => time(() => pool.run(task)) });
