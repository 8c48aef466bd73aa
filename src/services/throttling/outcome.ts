import type { BudgetName } from '../../config/throttling.ts';
import type { FieldError } from '../../shared/field-errors.ts';

/** A budget of attempts is used up. */
export type Throttled = {
  /** Seconds. */
  readonly retryAfter: number;
  readonly budget: BudgetName;
};

/** What a use case answers with that has nothing to show: what is wrong with the input (empty: it was done), or why it was not tried. */
export type Outcome = readonly FieldError[] | Throttled | 'mail-off' | 'last-superuser';
