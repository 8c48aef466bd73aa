/** By the contestant's id; CPU of `{ hello }` divided by its CPU. */
export const costTargets: Readonly<Record<string, number>> = {
  typename: 1.1,
  'bare-lookup': 0.5,
  mercurius: 0.55,
  apollo: 0.4,
  yoga: 0.15,
  drf: 0.15,
  'better-auth': 0.3,
  bare: 2.5,
};

/** By the contestant's id; its CPU divided by that of `{ hello }`. */
export const ownTargets: Readonly<Record<string, number>> = {
  me: 1.4,
  unknown: 1.2,
  none: 1.2,
  malformed: 1.2,
  forbidden: 1.2,
  'unknown-field': 2,
  'parse-error': 2,
  workers: 1.1,
};

/** Logins a second divided by what bare bcrypt does on all cores. */
export const LOGINS_AT_LEAST = 0.95;
/** p99 of `{ hello }` beside logins divided by that without. */
export const P99_AT_MOST = 3;
/** Bytes that the server holds on PostgreSQL before the first request. */
export const IDLE_AT_MOST = 130e6;
/** Memory after a million requests divided by that after 200,000. */
export const GROWTH_AT_MOST = 1.1;
