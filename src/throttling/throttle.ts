import { hash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Throttled } from '../outcome.ts';
import { REPEATABLE } from '../repeatable.ts';
import type { BudgetName, Budgets } from './budget.ts';

/** An attempt to be counted: against which budget, and whose. */
export type Attempt = { readonly budget: BudgetName; readonly of: string };

export type Throttle = {
  /** Counts attempts, in turn, up to the first budget that is used up; null when none is. */
  readonly count: (attempts: readonly Attempt[]) => Promise<Throttled | null>;
  /** Counts failures: before `work` is done, so that no burst slips through, and back again unless it resolves to null. */
  readonly attempt: <Result>(attempts: readonly Attempt[], work: () => Promise<Result | null>) => Promise<Result | null | Throttled>;
};

/** THROTTLE=off */
export const noThrottle: Throttle = { count: async () => null, attempt: (_attempts, work) => work() };

/** Counts attempts in the database, which all nodes share. One statement counts and decides. */
export function createThrottle(em: EntityManager, budgets: Budgets): Throttle {
  const storeClient = { query: ({ text, values }: Query) => execute(em, text, values) };
  const limiterFor = ({ budget }: Attempt) => {
    const { limit: points, seconds: duration } = budgets[budget];
    return new RateLimiterPostgres({ ...options, storeClient, keyPrefix: budget, points, duration });
  };
  const count: Throttle['count'] = async (attempts) => {
    for (const attempt of attempts) {
      const throttled = await consume(limiterFor(attempt), attempt);
      if (throttled) return throttled;
    }
    return null;
  };
  const takeBack = async (attempts: readonly Attempt[]) => {
    for (const attempt of attempts) await limiterFor(attempt).reward(keyOf(attempt));
  };
  const attempt: Throttle['attempt'] = async (attempts, work) => {
    const throttled = await count(attempts);
    if (throttled) return throttled;
    const result = await work().catch((error: unknown) => {
      takeBack(attempts).catch(() => {}); // nobody waits for it: the database may be what failed
      throw error;
    });
    if (result !== null) await takeBack(attempts);
    return result;
  };
  return { count, attempt };
}

const options = { storeType: 'client', tableName: 'attempts', tableCreated: true, clearExpiredByTimeout: false };

type Query = { text: string; values: unknown[] };

async function execute(em: EntityManager, text: string, values: unknown[]) {
  const statement = `${REPEATABLE} ${text}`; // an attempt counted once too often, or too rarely, hurts less than a failure
  const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(statement, values));
  return { rows, rowCount: rows.length };
}

async function consume(limiter: RateLimiterPostgres, attempt: Attempt): Promise<Throttled | null> {
  try {
    await limiter.consume(keyOf(attempt));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)), isFirst: refusal.consumedPoints === limiter.points + 1 };
  }
}

/** Hashed: names that people type may be long, or a password in the wrong field. */
const keyOf = ({ of }: Attempt): string => hash('sha256', of);

/** Deletes at most `limit` counts whose time is over. How many. */
export async function sweepAttempts(em: EntityManager, limit: number): Promise<number> {
  const over = 'select key from attempts where expire < extract(epoch from now()) * 1000 limit ? for update skip locked';
  const rows = await em.execute(`delete from attempts where key in (${over}) returning 1`, [limit]);
  return rows.length;
}
