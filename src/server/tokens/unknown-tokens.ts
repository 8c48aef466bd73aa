import { createLRUCache } from 'graphql-yoga';
import type { Budget } from '../../config/throttling.ts';
import type { Refusal } from '../../shared/errors.ts';
import type { Answer } from './answer.ts';

/** Counts tokens that do not exist, by the address block they come from. */
export type UnknownTokens = {
  /** The answer to a block that has tried too many; null: it has not. */
  readonly tooMany: (refusal: Refusal | null, block: string) => Answer | null;
};

/** Address blocks that are remembered. */
const BLOCKS = 10_000;

/**
 * In the memory of this process, unlike other budgets: a count in the database would make a junk token dearer than a good one. Good
 * tokens are answered however many others are not, since many people may share a proxy's address. @param budget null: nothing is counted
 */
export function createUnknownTokens(budget: Budget | null): UnknownTokens {
  const windows = createLRUCache<{ readonly until: number; count: number }>({ max: BLOCKS });
  const windowOf = (block: string, { seconds }: Budget) => {
    const found = windows.get(block);
    if (found && found.until > performance.now()) return found;
    const window = { until: performance.now() + seconds * 1000, count: 0 };
    windows.set(block, window);
    return window;
  };
  const tooMany: UnknownTokens['tooMany'] = (refusal, block) => {
    if (!budget || refusal !== 'unknown') return null;
    const window = windowOf(block, budget);
    window.count++;
    if (window.count <= budget.limit) return null;
    const retryAfter = Math.max(1, Math.ceil((window.until - performance.now()) / 1000));
    return { status: 429, body: { active: false, reason: 'THROTTLED' }, headers: { 'Retry-After': String(retryAfter) } };
  };
  return { tooMany };
}
