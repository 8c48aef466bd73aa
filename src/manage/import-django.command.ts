import type { Command } from 'commander';
import { importDjango } from '../django/import-django.ts';
import { endWithProblems, linesOfImport } from './django-lines.ts';
import { checkDatabaseUrl, type DjangoOptions, databaseOption, isoDate, namesTables, tableNamesOf } from './django-options.ts';
import { print } from './print.ts';
import { createProgress } from './progress.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
Reads a live Django database as it is at one moment, and writes nothing to it. Users keep their ids and passwords, tokens
keep working. May be interrupted and run again: what changed in Django since follows, what was changed here stays.
docs/from-django.md tells the whole switch.

Examples:
  npm run manage import-django -- --from postgres://user:password@host/django --dry-run
  npm run manage import-django -- --from postgres://… --since 2026-11-20
  npm run manage import-django -- --from postgres://… --user-table accounts_user --column username=email --column first_name=
(npm keeps options for itself unless "--" comes first.)

Exit codes: 0 everything is here, 1 something was left out or cannot log in (it is listed), 2 wrong usage.`;

type Options = DjangoOptions & { from: string; since?: string; dryRun?: boolean; json?: boolean };

/** Adds `import-django`. */
export function addImportDjango(program: Command): void {
  namesTables(
    program
      .command('import-django')
      .usage('-- --from <url> [options]')
      .description('Take over users and tokens of a Django REST Framework site.')
      .addOption(databaseOption('--from <url>', 'the Django database'))
      .option('--since <date>', 'only users who joined, logged in or got a token since, like 2026-11-20 or 2026-11-20T18:00Z', isoDate)
      .option('--dry-run', 'only say what would happen')
      .option('--json', 'print the whole report as JSON, every row that was left out included'),
  )
    .addHelpText('after', examples)
    .action(run);
}

async function run({ from, since, dryRun = false, json = false, ...options }: Options): Promise<void> {
  const order = { from: checkDatabaseUrl(from), names: tableNamesOf(options), since: since ?? null, dryRun };
  await withMigratedDatabase(async ({ database }) => {
    const report = await importDjango({ em: database.orm.em, progress: createProgress('users') }, order);
    for (const line of json ? [JSON.stringify(report, null, 2)] : linesOfImport(report)) print(line);
    endWithProblems(report);
  });
}
