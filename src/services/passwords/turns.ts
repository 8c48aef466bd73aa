import type { Asker } from './asker.ts';
import { createFairQueue, type Lane } from './fair-queue.ts';

export type Turns = {
  /** Works when it is the asker's turn. Null when too many wait, when that took too long, and when the answer is not waited for. */
  readonly take: <Result>(asker: Asker, work: () => Promise<Result>) => Promise<Result | null>;
};

type Options = {
  /** How many may work at once. */
  readonly places: number;
  /** How many may wait besides. */
  readonly queue: number;
  /** Milliseconds that each waits at most. */
  readonly wait: number;
};

/** @param leave ends the wait: with a place, or without */
type Waiting = { readonly lane: Lane; readonly leave: (hasPlace: boolean) => void };

/** Has work done in turns, as many at once as there are places. */
export function createTurns({ places, queue, wait }: Options): Turns {
  const waiting = createFairQueue<Waiting>(queue);
  let busy = 0;

  const waitFor = ({ block, account, signal }: Asker): Promise<boolean> =>
    new Promise((resolve) => {
      const giveUp = () => waiting.remove(asked) && asked.leave(false);
      const timer = setTimeout(giveUp, wait);
      signal?.addEventListener('abort', giveUp);
      const leave = (hasPlace: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(hasPlace);
      };
      const asked = { lane: { block, account }, leave };
      waiting.add(asked)?.leave(false);
    });
  const takePlace = (asker: Asker): Promise<boolean> | boolean => {
    if (asker.signal?.aborted) return false;
    if (busy === places) return waitFor(asker);
    busy++;
    return true;
  };
  const passOn = () => {
    const next = waiting.take();
    if (next) next.leave(true);
    else busy--;
  };
  return {
    take: async (asker, work) => {
      if (!(await takePlace(asker))) return null;
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
