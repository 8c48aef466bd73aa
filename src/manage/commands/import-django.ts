import type { Command } from 'commander';
import { importDjango } from '../../django/import-django.ts';
import { readTableNames } from '../../django/tables.ts';
import { takeoverProgress } from '../console/progress.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';
import { linesOfImport } from './django-lines.ts';
import { type DjangoOptions, djangoUrl, isoDate, namesTables } from './django-options.ts';

const examples = `
Reads a live Django database as it is at one moment, and writes nothing to it. Users keep their ids and passwords, tokens
keep working. May be interrupted and run again: what changed in Django since follows, what was changed here stays.
docs/from-django.md tells the whole switch.

Examples:
  DJANGO_DATABASE_URL=postgres://user:password@host/django npm run manage import-django -- --dry-run
  npm run manage import-django -- --from postgres://user@host/django
  npm run manage import-django -- --from sqlite:db.sqlite3
  npm run manage import-django -- --since 2026-11-20
  npm run manage import-django -- --user-table accounts_user --column username=email --column first_name=
(npm keeps options for itself unless "--" comes first.)

Exit codes: 0 everything is here (notices are listed), 1 something was left out (it is listed), 2 wrong usage.`;

type Options = DjangoOptions & { from?: string; since?: string };

/** Adds `import-django`. */
export function addImportDjango(program: Command, shell: Shell): void {
  const command = program
    .command('import-django')
    .usage('-- --from <url> [options]')
    .description('Take over users and tokens of a Django REST Framework site.')
    .option('--from <url>', 'the Django database, without a password: postgres://… or sqlite:<path> (default: DJANGO_DATABASE_URL)')
    .option('--since <date>', 'only users who joined, logged in or got a token since, like 2026-11-20 or 2026-11-20T18:00Z', isoDate);
  namesTables(command)
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((options: Options) => run(shell, command, options));
}

async function run(shell: Shell, command: Command, { from, since = '', dryRun = false, ...tables }: Options): Promise<void> {
  const order = { from: djangoUrl(shell, from, command, true), names: readTableNames(tables), since: since || null, dryRun };
  const report = await withMigratedDatabase(shell, ({ database }) =>
    importDjango({ em: database.orm.em, progress: takeoverProgress(shell) }, order),
  );
  shell.report({ lines: linesOfImport(report), facts: report, failed: report.problems.some(({ leftOut }) => leftOut) });
}
