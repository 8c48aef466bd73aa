import { setTimeout } from 'node:timers/promises';
import type { Log } from '../observability/log.ts';

/** Work that an answer does not wait for, because the time it takes would tell something. */
export type Background = {
  /** Starts when the answer is likely to have left. A failure is logged. */
  readonly run: (work: () => Promise<void>) => void;
  /** Waits for what is under way. */
  readonly stop: () => Promise<void>;
};

const LIMIT = 1000; // at a time; an attacker must not fill the memory
const DELAY = 10; // milliseconds

/** Bounded: what comes on top of a thousand pieces of work is left out, and logged. */
export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  const run = (work: () => Promise<void>) => {
    if (running.size >= LIMIT) return log.warn('too much is going on in the background; something was left out');
    const task = setTimeout(DELAY)
      .then(work)
      .catch((err: unknown) => log.warn({ err }, 'something in the background failed'))
      .finally(() => running.delete(task));
    running.add(task);
  };
  const stop = async () => {
    await Promise.all(running);
  };
  return { run, stop };
}
