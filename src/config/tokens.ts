import { z } from 'zod';
import { duration, wholeNumber } from './values.ts';
import { documentation } from './variable.ts';

/** How long tokens live and how many a person may hold; all times are in seconds, by the database's clock. */
export type TokenPolicy = {
  /** A token that is unused for this long ends; null: never. */
  readonly ttl: number | null;
  /** A token ends this long after its issue, even if it is in use; null: never. */
  readonly maxAge: number | null;
  /** How far in the future a chosen end may lie; null: up to the year 9999. */
  readonly maxExpiry: number | null;
  /** How many live tokens a user may have; a new one replaces the one unused for longest. */
  readonly limit: number;
};

type Ttl = Pick<TokenPolicy, 'ttl'>;

/** Seconds after a written use in which further uses of the token are not written: a sixtieth of the TTL, at most a minute. */
export const noteEvery = ({ ttl }: Ttl): number => Math.min(60, (ttl ?? Infinity) / 60);

/** Seconds between writes of uses: short enough that a token in use is extended before it ends. */
export const writeEvery = (policy: Ttl): number => Math.min(2, noteEvery(policy));

/**
 * Seconds from a token's issue, or from its last written use, to its end; null: it does not end. Longer than the TTL by the time that
 * a use may go unwritten, so that a token lives for at least the TTL after its last use.
 */
export const idleSeconds = ({ ttl }: Ttl): number | null => (ttl === null ? null : ttl + noteEvery({ ttl }) + writeEvery({ ttl }));

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The schemes before a key, in the characters that RFC 9110 allows. */
const authSchemes = z
  .string()
  .transform((list) => list.split(',').map((scheme) => capitalized(scheme.trim())))
  .refine(
    (list) => list.every((scheme) => /^[a-z][a-z\d_-]{0,30}$/i.test(scheme)),
    'must be schemes like token,bearer, separated by commas',
  );

/** The variables about tokens. */
export const tokenVariables = {
  TOKEN_TTL: duration.prefault('30d').register(documentation, {
    what: 'How long a token may go unused before it ends; `0` means for ever.',
    more: 'It may end up to a sixtieth later, at most a minute and two seconds.',
  }),
  TOKEN_MAX_AGE: duration.prefault('0').register(documentation, {
    what: 'How long after its issue a token ends even if it is in use; `0` means never.',
  }),
  TOKEN_MAX_EXPIRY: duration.prefault('365d').register(documentation, {
    what: 'How far in the future the `expiresAt` of `createToken` may lie; `0` sets no limit.',
  }),
  TOKEN_LIMIT: wholeNumber(1, 1000).prefault('100').register(documentation, {
    what: 'How many live tokens a user may have. Beyond that, a new token replaces the one unused for longest.',
  }),
  AUTH_SCHEMES: authSchemes.prefault('token').register(documentation, {
    what: 'The schemes that may precede a key in the `Authorization` header, separated by commas.',
    more: '`token,bearer` also accepts `Bearer <key>`. The first one is what a `401` asks for.',
    example: 'token,bearer',
  }),
};
