import type { Problem } from './field-errors.ts';

declare global {
  export namespace GraphqlTokenAuth {
    /** The app's columns of `users` with their types, as in `displayName: string`. */
    interface UserColumns {}
  }
}

/** A column as MikroORM's `p` builds it. */
type ColumnBuilder<Value> = { readonly '~type'?: { value: Value }; readonly '~options': ColumnOptions };

type ColumnOptions = {
  readonly type?: unknown;
  readonly length?: unknown;
  readonly nullable?: unknown;
  readonly unique?: unknown;
  readonly default?: unknown;
  readonly defaultRaw?: unknown;
};

/** A column that an app adds to `users`, and what the API does with it. */
export type UserColumn<Value = unknown> = {
  /** A text (`p.string().length(n)`, `p.text()`), `p.integer()`, `p.double().$type<number>()`, `p.boolean()` or `p.datetime()`, with a default or nullable. */
  readonly column: ColumnBuilder<Value>;
  /** What the schema says of it. */
  readonly description: string;
  /** Whether `register` takes it. Default: false. */
  readonly register?: boolean;
  /** Whether `updateProfile` takes it. Default: false. */
  readonly update?: boolean;
  /** `anybody`: it is in PublicUser, too. `oneself`: the user and staff. `staff`: staff alone. */
  readonly read: 'anybody' | 'oneself' | 'staff';
  /** What is wrong with a value of the right type and length. Default: nothing. */
  problemsOf?(value: Value): readonly Problem[];
};

/** Columns by the names of their fields. */
export type UserColumns = Readonly<Record<string, UserColumn>>;

/** The same of an app, each of the type that the app told TypeScript. */
export type OwnUserColumns = UserColumns & {
  readonly [Name in keyof GraphqlTokenAuth.UserColumns]?: UserColumn<GraphqlTokenAuth.UserColumns[Name]>;
};
