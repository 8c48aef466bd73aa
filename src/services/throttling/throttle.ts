import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/sql';
import type { BudgetName, Budgets } from '../../config/throttling.ts';
import { serviceUnavailable } from '../../shared/errors.ts';
import { type Booking, book, type Refusal, settle } from './attempts.ts';
import { createLines } from './lines.ts';
import type { Throttled } from './outcome.ts';

/**
 * What is counted, against which budget, and for which key (`of`). @param account the username, where it is about one: see clearFailures
 * @param counts which outcome is counted; failures by default
 */
export type Attempt = {
  readonly budget: BudgetName;
  readonly of: string;
  readonly account?: string;
  readonly counts?: 'failure' | 'success';
};

type Judgement<Result> = {
  /** Whether what `work` came to is a failure, for the budgets. By default null is. */
  readonly counts?: (result: Result) => boolean;
  /** Told which budgets an attempt has used up: each of them once, by the attempt that did it. */
  readonly onUsedUp?: (budgets: readonly BudgetName[]) => void;
};

export type Throttle = {
  /** Counts at once, in all budgets or, when one is used up, in none. Null when none was. */
  readonly count: (attempts: readonly Attempt[]) => Promise<Throttled | null>;
  /**
   * Does `work` unless a budget is used up, and counts what counts. Until that is known the attempt has a seat in each budget, so that
   * no burst slips through. Who finds all seats taken waits for their turn. What throws, and what is refused, leaves no trace.
   * @throws SERVICE_UNAVAILABLE when it takes too long to get a seat
   */
  readonly attempt: <Result>(
    attempts: readonly Attempt[],
    work: () => Promise<Result>,
    judgement?: Judgement<Result>,
  ) => Promise<Result | Throttled>;
};

/** THROTTLE=off */
export const noThrottle: Throttle = { count: async () => null, attempt: (_attempts, work) => work() };

const PATIENCE = 10_000; // milliseconds
const PAUSE = 50; // milliseconds between two looks at seats that another node may have freed
const LONGEST_LINE = 500;
const RETRY_AFTER = 5; // seconds

/** Counts attempts in the database, which all nodes share. One statement books an attempt in all its budgets, another one settles it. */
export function createThrottle(em: EntityManager, budgets: Budgets): Throttle {
  const lines = createLines(LONGEST_LINE);
  const bookingOf = (attempts: readonly Attempt[], id: string | null): Booking => ({
    id,
    seats: attempts.map((attempt) => ({ ...attempt, ...budgets[attempt.budget] })),
  });
  const take = async (booking: Booking): Promise<Refusal | null> => {
    const deadline = performance.now() + PATIENCE;
    let refusal = await book(em, booking);
    while (refusal?.isUndecided) {
      const { key } = refusal;
      refusal = await lines.inTurn(key, () => bookWithin(em, booking, { key, deadline }));
    }
    return refusal;
  };
  const attempt: Throttle['attempt'] = async (attempts, work, { counts = isNull, onUsedUp } = {}) => {
    const booking = bookingOf(attempts, randomUUID());
    const refusal = await take(booking);
    if (refusal) return throttledBy(refusal);
    const result = await work().catch((error: unknown) => {
      settle(em, booking, 'void').catch(() => {}); // no caller waits for it: the database may be what failed
      throw error;
    });
    const usedUp = await settle(em, booking, counts(result) ? 'failure' : 'success');
    if (usedUp.length > 0) onUsedUp?.(usedUp);
    return result;
  };
  const count: Throttle['count'] = async (attempts) => {
    const refusal = await take(bookingOf(attempts, null));
    return refusal && throttledBy(refusal);
  };
  return { count, attempt };
}

const isNull = (result: unknown): boolean => result === null;

const throttledBy = ({ budget, wait }: Refusal): Throttled => ({ budget, retryAfter: Math.max(1, Math.ceil(wait / 1000)) });

/** Asks until the budget of that key has a seat or is used up. */
async function bookWithin(em: EntityManager, booking: Booking, { key, deadline }: { key: string; deadline: number }) {
  for (;;) {
    const refusal = await book(em, booking);
    if (!refusal?.isUndecided || refusal.key !== key) return refusal;
    if (performance.now() > deadline) throw serviceUnavailable(RETRY_AFTER);
    await setTimeout(PAUSE);
  }
}
