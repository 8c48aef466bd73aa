import type { EntityClass, EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { WriteLetter } from './letter.ts';
import type { UserColumns } from './user-column.ts';

declare global {
  /** What an app says of itself to TypeScript, by adding to these. */
  export namespace GraphqlTokenAuth {
    /** The app's scopes, as in `editor: true`: the names that `authScopes` and `withAuth` take. */
    interface Scopes {}
    /** What happens to users, by its name, with who and what it is about; see features/users/user-events.ts. */
    interface Events {}
    /** The app's topics with what is published there, as in `'post.published': { id: string }`. */
    interface Topics {}
  }
}

/** The name of a scope that the app declares. */
export type AppScope = keyof GraphqlTokenAuth.Scopes;

/** Scopes by name, with what each allows. */
export type Scopes = Readonly<Record<string, string>>;

/** The topics that the app has told TypeScript of. */
export type Topic = keyof GraphqlTokenAuth.Topics & string;

/** The name of something that happens to users, as in `user.created`. */
export type EventType = keyof GraphqlTokenAuth.Events;

/** What happens, while its transaction is still open. */
export type Happening<Type extends EventType> = GraphqlTokenAuth.Events[Type] & {
  /** The transaction that it happens in. */
  readonly em: EntityManager;
};

/** A user, when the account may be gone. */
export type Named = { readonly id: number; readonly username: string };

type Told<Value> = Value extends Named ? Named : Value;

/** What happened, some time after the commit. */
export type Delivered<Type extends EventType> = {
  readonly [Key in keyof GraphqlTokenAuth.Events[Type]]: Told<GraphqlTokenAuth.Events[Type][Key]>;
} & {
  /** The same each time that this is delivered, and for all who listen. */
  readonly id: string;
  readonly type: Type;
  /** When it happened. */
  readonly timestamp: Date;
  readonly em: EntityManager;
  /** Aborted when the attempt has taken too long; then it counts as failed. */
  readonly signal: AbortSignal;
};

/** Run inside the transaction. What throws undoes it. */
export type Hooks = { readonly [Type in EventType]?: (happening: Happening<Type>) => Promise<void> | void };

/** Run after the commit, again and again until they return, for three days. */
export type Listeners = { readonly [Type in EventType]?: (event: Delivered<Type>) => Promise<void> | void };

/** What one operation may ask for. */
export type Limits = {
  /** Aliases. Default: 15. */
  readonly aliases?: number;
  /** Levels of fields. Default: 15. */
  readonly depth?: number;
  /** Values: one for each field, times the length of its list. Default: 5000. */
  readonly cost?: number;
  /** Items on a page. Default: 100. */
  readonly page?: number;
};

/** Rows that do not stay for ever. */
export type Sweep = {
  /** What they are, as in "Deleted 12 expired tokens". */
  readonly what: string;
  /** Deletes at most `limit` rows past their time; how many. */
  readonly run: (em: EntityManager, limit: number) => Promise<number>;
};

/** A part of the server. Its types and fields come with the files it imports; this is what the rest has to know of it. */
export type Feature = {
  readonly name: string;
  readonly entities?: readonly (EntityClass | EntitySchema)[];
  /** Tables that have no entity, and functions in place of them: only migrations make them. */
  readonly tables?: readonly string[];
  /** The folder with its migrations. */
  readonly migrations?: URL;
  /** By the names that `manage prune -- --json` reports. */
  readonly sweeps?: Readonly<Record<string, Sweep>>;
  /** What users may be allowed besides being staff; superusers grant them with `setUserScopes`. */
  readonly scopes?: Scopes;
  /** Columns of `users` besides the server's own. */
  readonly user?: UserColumns;
  /** Other limits than the server's own. */
  readonly limits?: Limits;
  /** Letters in place of the server's own, by the names in features/mail/letters.ts. */
  readonly letters?: Readonly<Record<string, WriteLetter>>;
  /** What to do inside the transaction in which something happens to a user. */
  readonly on?: Hooks;
  /** What to do once that is committed. Deliveries that wait go by the feature's `name`: keep it. */
  readonly after?: Listeners;
};

/** The scopes that features declare. */
export const scopesOf = (features: readonly Feature[]): Scopes => Object.assign({}, ...features.map(({ scopes }) => scopes));

/** The columns that features add to `users`. */
export const userColumnsOf = (features: readonly Feature[]): UserColumns => Object.assign({}, ...features.map(({ user }) => user));

/** The letters that features bring. */
export const lettersOf = (features: readonly Feature[]): Readonly<Record<string, WriteLetter>> =>
  Object.assign({}, ...features.map(({ letters }) => letters));

/** The limits that features set; of two, the later one. */
export const limitsOf = (features: readonly Feature[]): Limits => Object.assign({}, ...features.map(({ limits }) => limits));
