import type { TokenVerdict } from './merge-tokens.ts';
import type { UserVerdict } from './merge-users.ts';

/** A row to look at. Never holds a secret. */
export type Problem = {
  readonly table: 'user' | 'token' | 'knox';
  readonly userId: string;
  /** As far as it is known: a token may belong to no user. */
  readonly username: string | null;
  readonly reason: string;
  /** It, or a part of it, was not stored. Else it was, and there is something to know. */
  readonly leftOut: boolean;
};

type Counts<Key extends string> = Partial<Record<Key, number>>;

/** What an import did, or, `dryRun`, would do. */
export type ImportReport = {
  readonly dryRun: boolean;
  readonly users: Counts<UserVerdict | 'bad-row' | 'gone'> & { read: number; kept: number };
  readonly tokens: TokenCounts;
  readonly knoxTokens: TokenCounts;
  /** Users taken over, by the format of their password hash in Django. */
  readonly formats: Record<string, number>;
  /** Tokens taken over earlier and ended now, since Django has them no longer. */
  tokensEnded: number;
  readonly problems: Problem[];
};
export type TokenCounts = Counts<TokenVerdict | 'expired' | 'bad-row'> & { read: number };

export const emptyReport = (dryRun: boolean): ImportReport => ({
  dryRun,
  users: { read: 0, kept: 0 },
  tokens: { read: 0 },
  knoxTokens: { read: 0 },
  formats: {},
  tokensEnded: 0,
  problems: [],
});

/** Adds to a count that may not be there yet. */
export function count<Key extends string>(counts: Counts<Key>, key: Key, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

/** Told how far a takeover is, in users. */
export type Progress = { readonly start: (total: number) => void; readonly advance: (by: number) => void; readonly stop: () => void };
