import { setImmediate, setTimeout } from 'node:timers/promises';

/** Makes refusals that take differently long take equally long. */
export type Pace = {
  /** Waits until as much time has passed as the slowest kind of late took. @param milliseconds that this one took */
  settle(work: string, milliseconds: number): Promise<void>;
};

const FADE = 0.95; // a slow moment is forgotten after some dozen of the same kind
const MARGIN = 1.2;
const LIMIT = 2000; // milliseconds
const MAX_KINDS = 100;

/**
 * Keeps a stopwatch from telling the format of a stored hash, and so who has not logged in since an import. It waits instead
 * of working, or a flood of logins would cost several hashes each. Kinds are kept apart, so that a client cannot push a slow one
 * out with many quick ones. As long as there is a single kind, nothing waits.
 */
export function createPace(): Pace {
  const slowest = new Map<string, number>();
  return {
    async settle(work, milliseconds) {
      if (slowest.size < MAX_KINDS || slowest.has(work)) slowest.set(work, Math.max(milliseconds, (slowest.get(work) ?? 0) * FADE));
      if (slowest.size > 1) await waitUntil(performance.now() - milliseconds + Math.min(LIMIT, MARGIN * Math.max(...slowest.values())));
    },
  };
}

/** A timer alone counts in whole milliseconds, and which way it rounds would tell how long it was set for. */
async function waitUntil(time: number): Promise<void> {
  const rest = Math.floor(time - performance.now()) - 1;
  if (rest > 0) await setTimeout(rest);
  while (performance.now() < time) await setImmediate();
}
