import type { Log } from '../observability/log.ts';

/** SQL: until when the worker that takes a row has it to itself. If the worker dies, another one takes the row then. */
export const LEASED = "now() + interval '1 minute'";

/** SQL over `attempts`: when to try again, in a minute, two, four, up to an hour. */
export const BACKED_OFF = 'now() + make_interval(mins => least(60, power(2, least(attempts, 10) - 1))::int)';

/** SQL: for how long to try. */
export const PATIENCE = "interval '3 days'";

type Options = {
  /** Does what is due, and comes back when nothing is, or when told to stop. */
  readonly work: (isStopped: () => boolean) => Promise<void>;
  readonly log: Log;
  /** What to log when `work` throws. */
  readonly failure: string;
  /** Milliseconds between looks at the table, which other nodes fill as well. */
  readonly every: number;
};

/** A table of things to do, worked through in the background. Several nodes share the work. */
export type Queue = {
  /** Looks at the table soon. Call it after the commit; what is missed is found within seconds. */
  readonly nudge: () => void;
  /** Takes no more and waits for what is under way. */
  readonly stop: () => Promise<void>;
};

const LANES = 4; // at a time, so that one slow recipient does not hold up everything

export function createQueue({ work, log, failure, every }: Options): Queue {
  const lanes = new Set<Promise<void>>();
  let stopped = false;
  const openLane = () => {
    if (stopped || lanes.size >= LANES) return;
    const lane = work(() => stopped)
      .catch((err: unknown) => log.warn({ err }, failure))
      .finally(() => lanes.delete(lane));
    lanes.add(lane);
  };
  const timer = setInterval(openLane, every).unref();
  return {
    nudge: () => setTimeout(openLane, 20).unref(), // the answer is sent first: its time must not show what follows
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all(lanes);
    },
  };
}
