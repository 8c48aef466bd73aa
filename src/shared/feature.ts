import type { EntityClass, EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { UserColumns } from './user-column.ts';

declare global {
  /** What an app says of itself to TypeScript, by adding to these. */
  export namespace GraphqlTokenAuth {
    /** The app's scopes, as in `editor: true`: the names that `authScopes` and `withAuth` take. */
    interface Scopes {}
  }
}

/** The name of a scope that the app declares. */
export type AppScope = keyof GraphqlTokenAuth.Scopes;

/** Scopes by name, with what each allows. */
export type Scopes = Readonly<Record<string, string>>;

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
};

/** The scopes that features declare. */
export const scopesOf = (features: readonly Feature[]): Scopes => Object.assign({}, ...features.map(({ scopes }) => scopes));

/** The columns that features add to `users`. */
export const userColumnsOf = (features: readonly Feature[]): UserColumns => Object.assign({}, ...features.map(({ user }) => user));
