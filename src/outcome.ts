import type { FieldError } from './field-errors.ts';

/** A budget of attempts is used up. */
export type Throttled = {
  /** Seconds. */
  readonly retryAfter: number;
  /** Whether this attempt is the first one too many, so that it is noted once. */
  readonly isFirst: boolean;
};

/** What a use case answers with that has nothing to show: what is wrong with the input (empty: it was done), or why it was not tried. */
export type Outcome = readonly FieldError[] | Throttled | 'mail-off' | 'last-superuser';
