import { UpdateProfileInput } from './features/account/profile.graphql.ts';
import { checkLetters } from './features/mail/check-letters.ts';
import type { LetterKind } from './features/mail/letters.ts';
import { RegisterInput } from './features/sign-in/sign-in.graphql.ts';
import { checkColumns } from './features/users/check-columns.ts';
import { checkListeners } from './features/users/check-listeners.ts';
import { addColumns } from './features/users/user.ts';
import { addColumnFields, addColumnInputs } from './features/users/user-columns.graphql.ts';
import { builder } from './graphql/builder.ts';
import { checkLimits } from './graphql/check-limits.ts';
import { checkScopes } from './graphql/check-scopes.ts';
import { type AppScope, type Feature, type Limits, limitsOf } from './shared/feature.ts';
import type { WriteLetter } from './shared/letter.ts';
import type { OwnUserColumns, UserColumns } from './shared/user-column.ts';

/** What an app adds to the server: by itself, or folder by folder. */
export type App = Omit<Feature, 'name' | 'scopes' | 'user' | 'letters'> & {
  /** Letters in place of the server's own. */
  readonly letters?: Readonly<Partial<Record<LetterKind, WriteLetter>>>;
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
  checkLetters(all);
  checkLimits(limitsOf(all));
  setLimits(limitsOf(all));
  for (const { user = {} } of all) addToUsers(user);
  return all;
}

function setLimits({ page }: Limits): void {
  if (page !== undefined) builder.options.maxPage = page;
}

function addToUsers(columns: UserColumns): void {
  checkColumns(columns);
  addColumns(columns);
  addColumnFields(columns);
  addColumnInputs(RegisterInput, 'register', columns);
  addColumnInputs(UpdateProfileInput, 'update', columns);
}
