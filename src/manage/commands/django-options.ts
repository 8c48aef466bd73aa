import { type Command, InvalidArgumentError } from 'commander';
import { postgresUrl } from '../../config/values.ts';
import { isSqlite } from '../../django/django-source.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Shell } from '../console/shell.ts';

/** The options that say where a Django project keeps its users and tokens. */
export type DjangoOptions = { userTable?: string; tokenTable?: string; knoxTable?: string; column?: string[]; dryRun?: boolean };

/** Adds these options to a command. */
export const namesTables = (command: Command): Command =>
  command
    .option('--dry-run', 'only say what would happen')
    .option('--user-table <name>', 'of a custom user model (default: auth_user)')
    .option('--token-table <name>', 'of DRF’s tokens (default: authtoken_token, where present)')
    .option('--knox-table <name>', 'of knox’s tokens (default: knox_authtoken, where present)')
    .option(
      '--column <field=name...>',
      'a column that is called otherwise, like username=email or token.created=made_at; field= if there is none',
    );

/** Whether a URL carries a password, as far as that can be told of what may be no URL. */
const hasPassword = (url: string): boolean => /\/\/[^/@]*:[^@]*@|[?&](ssl)?password=/i.test(url);

/**
 * Where the Django database is: as given, or from the environment, which is the place for a URL with a password.
 * Checked here and not by the option, whose complaint would repeat the URL.
 * @param mayBeSqlite whether a file of SQLite will do
 * @throws OperatorError
 */
export function djangoUrl({ env }: Pick<Shell, 'env'>, given: string | undefined, command: Command, mayBeSqlite: boolean): string {
  if (given !== undefined && hasPassword(given)) {
    return command.error('error: every user of this machine can see the password in that URL (ps does): set DJANGO_DATABASE_URL instead');
  }
  const url = given ?? env.DJANGO_DATABASE_URL;
  if (!url) return command.error('error: no Django database: give its URL, or set DJANGO_DATABASE_URL');
  if (isSqlite(url) && mayBeSqlite) return url;
  if (isSqlite(url)) throw new OperatorError('SQLite can be read, not written: export to a Django database in PostgreSQL.');
  const { success, error } = postgresUrl.safeParse(url);
  const orSqlite = mayBeSqlite ? ', or sqlite: and the path of a file; docs/from-django.md has a way for MySQL' : '';
  if (!success) throw new OperatorError(`The Django database ${error.issues.map(({ message }) => message).join('; ')}${orSqlite}.`);
  return url;
}

/** Checks a date, which is in UTC unless it says otherwise. */
export function isoDate(value: string): string {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError('It must be a date like 2026-11-20 or 2026-11-20T18:00Z.');
  }
  return value;
}
