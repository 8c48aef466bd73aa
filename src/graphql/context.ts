import type { EntityManager } from '@mikro-orm/sql';
import type { UsernameAlphabet } from '../config/accounts.ts';
import type { TokenPolicy } from '../config/tokens.ts';
import type { Operation } from '../observability/operation.ts';
import type { Background } from '../services/background.ts';
import type { Passwords } from '../services/passwords/passwords.ts';
import type { Throttle } from '../services/throttling/throttle.ts';
import type { Client } from '../shared/client.ts';
import type { Refusal } from '../shared/errors.ts';
import type { Scopes, Topic } from '../shared/feature.ts';
import type { UserColumns } from '../shared/user-column.ts';

/** The user and the token that a request came with. */
export type Viewer = {
  readonly userId: number;
  readonly tokenId: string;
  readonly isActive: boolean;
  /** Whether they may look after the accounts of others. Superusers may do all that staff may. */
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  /** What the user may do besides, by the names that features declare. */
  readonly scopes: readonly string[];
  /** By the database's clock. */
  readonly isExpired: boolean;
  /** Whether the token's last use is on record, give or take a minute. */
  readonly isNoted: boolean;
  /** When the token ends, in seconds since 1970; null: never. Use may put it off. */
  readonly end: number | null;
  /** Makes a `User` of the row that the token was looked up with: features/users/own-user.ts knows its type. */
  readonly readUser: () => unknown;
};

/** Wakes the queue of mails. */
export type Mailer = {
  /** Sends what is queued, soon. Call it after the commit; the queue finds what is missed within seconds. */
  readonly nudge: () => void;
};

/** Why a token no longer signs in, with what each reason means, as `schema.graphql` describes them. */
export const tokenEnds = {
  REVOKED: 'It was revoked.',
  EXPIRED: 'Its time was over.',
  INACTIVE: 'The account was deactivated.',
} as const;

export type TokenEnd = keyof typeof tokenEnds;

export type TokenWatch = {
  /** Resolves within a second of the token's end, on any node; null when `signal` aborts first. */
  readonly untilEnded: (tokenId: string, signal: AbortSignal) => Promise<TokenEnd | null>;
  /** Releases all who wait. */
  readonly stop: () => Promise<void>;
};

/** What is published on all nodes. */
export type Topics = {
  /**
   * What is published to a topic from now on.
   * @param until ends the subscription when it resolves; aborted when that is over
   */
  readonly subscribe: (topic: string, until: (signal: AbortSignal) => Promise<unknown>) => Promise<AsyncIterable<unknown>>;
};

/** What the use cases work with. */
export type Deps = {
  /** The request's own. */
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly tokenPolicy: TokenPolicy;
  readonly client: Client;
  readonly throttle: Throttle;
  readonly background: Background;
  /** REGISTRATION */
  readonly registrationOpen: boolean;
  /** USERNAMES */
  readonly usernames: UsernameAlphabet;
  /** The scopes that features declare, with what each allows. */
  readonly scopes: Scopes;
  /** The columns that features add to `users`. */
  readonly userColumns: UserColumns;
  /** Null: this server sends no mail. */
  readonly mail: Mailer | null;
};

/** What every resolver gets. */
export type Context = {
  /** Made on first call: forking an EntityManager is 8 % of a request that needs none. */
  readonly deps: () => Deps;
  /** Makes `deps` return new ones, for a second attempt. */
  readonly renewDeps: () => void;
  readonly tokenWatch: TokenWatch;
  /**
   * Publishes a payload, as JSON, to the subscribers of a topic on all nodes. Inside a transaction it is heard after the commit, and
   * not at all if that fails.
   */
  readonly publish: <Name extends Topic>(topic: Name, payload: GraphqlTokenAuth.Topics[Name]) => Promise<void>;
  /** What is published to a topic from now on. It ends with the token of the request. */
  readonly subscribe: <Name extends Topic>(topic: Name) => Promise<AsyncIterable<GraphqlTokenAuth.Topics[Name]>>;
  readonly viewer: Viewer | null;
  /** Why there is no viewer; null when there is one. */
  readonly refusal: Refusal | null;
  /** The scheme that a challenge names to a request without a token. */
  readonly authScheme: string | undefined;
  /** What is known of the request so far. */
  readonly operation: Operation;
};
