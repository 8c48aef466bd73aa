/** How long tokens live and how many a person may hold; all times are in seconds, by the database's clock. */
export type TokenPolicy = {
  /** A token unused for so long ends; null: never. */
  readonly ttl: number | null;
  /** A token ends so long after its issue, however busy; null: never. */
  readonly maxAge: number | null;
  /** An end that somebody chooses is at most so far away; null: any year that has four digits. */
  readonly maxExpiry: number | null;
  /** Tokens per person that sign in; the longest-idle one makes room. */
  readonly limit: number;
};

type Ttl = Pick<TokenPolicy, 'ttl'>;

/** Seconds within which a further use of a token is not written: a sixtieth of the time that it may be unused, a minute at most. */
export const noteEvery = ({ ttl }: Ttl): number => Math.min(60, (ttl ?? Infinity) / 60);

/** Seconds between writes of uses: soon enough that a token in use is put off before it ends. */
export const writeEvery = (policy: Ttl): number => Math.min(2, noteEvery(policy));

/**
 * Seconds from its issue, or from a use that is written, to a token's end; null: none. More than the TTL by what is written late or
 * not at all, so that a token lives at least that long after its last use.
 */
export const idleSeconds = ({ ttl }: Ttl): number | null => (ttl === null ? null : ttl + noteEvery({ ttl }) + writeEvery({ ttl }));
