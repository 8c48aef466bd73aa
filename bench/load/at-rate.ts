import { setTimeout } from 'node:timers/promises';

type Rate = {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Ends it early. */
  readonly isOver?: () => boolean;
};

/** Calls `send` for each request at the time when it is due, whether earlier ones are answered or not. @param send takes when it was due, by `performance.now()` */
export async function atRate({ rate, seconds, isOver = () => false }: Rate, send: (n: number, dueAt: number) => void): Promise<void> {
  const start = performance.now();
  const total = Math.floor(rate * seconds);
  for (let n = 0; n < total && !isOver(); ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * rate) / 1000) + 1);
    for (; n < due; n++) send(n, start + (n * 1000) / rate);
    await setTimeout(1);
  }
}
