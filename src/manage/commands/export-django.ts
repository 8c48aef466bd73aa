import type { Command } from 'commander';
import { exportDjango } from '../../django/export-django.ts';
import { readFills } from '../../django/fills.ts';
import { readTableNames } from '../../django/tables.ts';
import { takeoverProgress } from '../console/progress.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';
import { linesOfExport } from './django-lines.ts';
import { type DjangoOptions, djangoUrl, namesTables } from './django-options.ts';

const examples = `
Writes into the tables of a Django project, which must be there (manage.py migrate), in one transaction. Passwords go back as
they are, in formats of Django's own; bcrypt_sha256 needs pip install "django[bcrypt]". A key of DRF's or ours cannot be given
back, since only its digest is here; keys that Django still has go on working there, except those that were ended here.

Examples:
  DJANGO_DATABASE_URL=postgres://user:password@host/django npm run manage export-django -- --dry-run
  npm run manage export-django -- --user-table accounts_user --column username=email --fill phone= --fill public_id=random
(npm keeps options for itself unless "--" comes first.)

Exit codes: 0 everything is there (notices are listed), 1 something was left out (it is listed), 2 wrong usage.`;

type Options = DjangoOptions & { to?: string; fill?: string[] };

/** Adds `export-django`. */
export function addExportDjango(program: Command, shell: Shell): void {
  const command = program
    .command('export-django')
    .usage('-- --to <url> [options]')
    .description('Write users back to a Django REST Framework site.')
    .option('--to <url>', 'the Django database, without a password (default: DJANGO_DATABASE_URL)');
  namesTables(command)
    .option('--fill <column=value...>', 'what new rows get in a column that nothing here fills, like phone= or knox.prefix=x')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((options: Options) => run(shell, command, options));
}

async function run(shell: Shell, command: Command, { to, dryRun = false, fill = [], ...tables }: Options): Promise<void> {
  const order = {
    to: djangoUrl(shell, to, command, false),
    names: readTableNames(tables),
    fills: readFills(fill),
    dryRun,
  };
  const report = await withMigratedDatabase(shell, ({ database }) =>
    exportDjango({ em: database.orm.em, progress: takeoverProgress(shell) }, order),
  );
  shell.report({ lines: linesOfExport(report), facts: report, failed: report.problems.some(({ leftOut }) => leftOut) });
}
