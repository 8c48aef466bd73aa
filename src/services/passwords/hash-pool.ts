import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { Asker } from './asker.ts';
import type { HashResult, HashTask } from './hash-worker.ts';
import { createTurns } from './turns.ts';

/** Where hashing happens. */
export type HashPool = {
  /** In turns over those who ask. Null when it gave way to others, waited for too long or is not waited for any more. */
  readonly run: (task: HashTask, asker: Asker) => Promise<HashResult | null>;
  /** Waits for the hashes under way and lets the threads go. */
  readonly stop: () => Promise<void>;
};

export type HashPoolOptions = {
  /** How many may wait for a core. */
  readonly queue: number;
  /** Seconds that each may wait. */
  readonly wait: number;
};

/**
 * Threads of their own, one a core, that give way to everything else: a flood of logins must not slow those who are
 * signed in, and libuv's threads are for DNS and the file system.
 */
export function createHashPool({ queue, wait }: HashPoolOptions): HashPool {
  const threads = availableParallelism();
  const pool = new Piscina<HashTask, HashResult>({
    filename: new URL(`./hash-worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    niceIncrement: 19,
    idleTimeout: 60_000,
  });
  const turns = createTurns({ places: threads, queue, wait: wait * 1000 });
  return {
    run: (task, asker) => turns.take(asker, () => pool.run(task)),
    stop: () => pool.close(),
  };
}

/** Measures how long work takes that does not come to nothing. */
type Time = (work: () => Promise<HashResult | null>) => Promise<HashResult | null>;

/** The same, with every hash measured from when it is asked for. */
export const timedHashPool = (pool: HashPool, time: Time): HashPool => ({
  ...pool,
  run: (task, asker) => time(() => pool.run(task, asker)),
});
