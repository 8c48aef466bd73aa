import type { Throttled } from './outcome.ts';
import type { Attempt, Throttle } from './throttle.ts';

/** The opposite of `throttle.attempt`: what comes to nothing, or is refused by another budget, is not counted. */
export async function countSuccesses<Result extends object>(
  throttle: Throttle,
  attempts: readonly Attempt[],
  work: () => Promise<Result | Throttled | null>,
): Promise<Result | Throttled | null> {
  const done: { result: Result | Throttled | null } = { result: null };
  const refusal = await throttle.attempt(attempts, async () => {
    done.result = await work();
    return done.result === null || 'retryAfter' in done.result ? 'not-counted' : null;
  });
  return refusal === null || refusal === 'not-counted' ? done.result : refusal;
}
