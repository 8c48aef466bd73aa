import { UpdateProfileInput } from './features/account/profile.graphql.ts';
import { RegisterInput } from './features/sign-in/sign-in.graphql.ts';
import { checkColumns } from './features/users/check-columns.ts';
import { checkListeners } from './features/users/check-listeners.ts';
import { addColumns } from './features/users/user.ts';
import { addColumnFields, addColumnInputs } from './features/users/user-columns.graphql.ts';
import { checkScopes } from './graphql/check-scopes.ts';
import type { AppScope, Feature } from './shared/feature.ts';
import type { OwnUserColumns, UserColumns } from './shared/user-column.ts';

/** What an app adds to the server: by itself, or folder by folder. */
export type App = Omit<Feature, 'name' | 'scopes' | 'user'> & {
  /** What users may be allowed, by the names that `authScopes` takes; see `GraphqlTokenAuth.Scopes`. */
  readonly scopes?: Readonly<Partial<Record<AppScope, string>>>;
  /** Columns of `users`; see `GraphqlTokenAuth.UserColumns`. */
  readonly user?: OwnUserColumns;
  readonly features?: readonly Feature[];
};

/**
 * Declares an app; `app/app.ts` exports what this returns. A process has one app.
 * @throws OperatorError for what cannot be
 */
export function defineApp({ features = [], ...own }: App): readonly Feature[] {
  const all: readonly Feature[] = [{ name: 'app', ...own }, ...features];
  checkScopes(all);
  checkListeners(all);
  for (const { user = {} } of all) addToUsers(user);
  return all;
}

function addToUsers(columns: UserColumns): void {
  checkColumns(columns);
  addColumns(columns);
  addColumnFields(columns);
  addColumnInputs(RegisterInput, 'register', columns);
  addColumnInputs(UpdateProfileInput, 'update', columns);
}
