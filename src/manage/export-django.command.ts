import type { Command } from 'commander';
import { exportDjango } from '../django/export-django.ts';
import { endWithProblems, linesOfExport } from './django-lines.ts';
import { checkDatabaseUrl, type DjangoOptions, databaseOption, namesTables, tableNamesOf } from './django-options.ts';
import { print } from './print.ts';
import { createProgress } from './progress.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
Writes into the tables of a Django project, which must be there (manage.py migrate), in one transaction. Passwords go back as
they are, in formats of Django's own; bcrypt_sha256 needs pip install "django[bcrypt]". A key of DRF's or ours cannot be given
back, since only its digest is here; keys that Django still has go on working there, except those that were ended here.

Examples:
  npm run manage export-django -- --to postgres://user:password@host/django --dry-run
(npm keeps options for itself unless "--" comes first.)

Exit codes: 0 everything is there, 1 something was left out (it is listed), 2 wrong usage.`;

type Options = DjangoOptions & { to: string; dryRun?: boolean; json?: boolean };

/** Adds `export-django`. */
export function addExportDjango(program: Command): void {
  namesTables(
    program
      .command('export-django')
      .usage('-- --to <url> [options]')
      .description('Write users back to a Django REST Framework site.')
      .addOption(databaseOption('--to <url>', 'the Django database'))
      .option('--dry-run', 'only say what would happen')
      .option('--json', 'print the whole report as JSON, every row that was left out included'),
  )
    .addHelpText('after', examples)
    .action(run);
}

async function run({ to, dryRun = false, json = false, ...options }: Options): Promise<void> {
  const order = { to: checkDatabaseUrl(to), names: tableNamesOf(options), dryRun };
  await withMigratedDatabase(async ({ database }) => {
    const report = await exportDjango({ em: database.orm.em, progress: createProgress('users') }, order);
    for (const line of json ? [JSON.stringify(report, null, 2)] : linesOfExport(report)) print(line);
    endWithProblems(report);
  });
}
