import { type Command, Option } from 'commander';
import { loadConfig } from '../../config/config.ts';
import { isYetToBeMade } from '../../database/database.ts';
import { listMigrations, type Migration, migrate } from '../../database/migrate.ts';
import { migrationNames } from '../../database/migrations.ts';
import { jsonOption, type Report, type Shell } from '../console/shell.ts';
import { withDatabase } from '../console/with-database.ts';

const examples = `
Examples:
  npm run manage migrate
  npm run manage migrate -- --check      (for deployments: ends with 1 when migrations are pending)
  npm run manage migrate -- --status
  npm run -s manage migrate -- --json    {"applied": ["Migration..."]}
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `migrate`, which brings the database to this version. */
export function addMigrate(program: Command, shell: Shell): void {
  program
    .command('migrate')
    .usage('[-- options]')
    .description('Bring the database up to date with this version.')
    .option('--check', 'write nothing; end with 1 when migrations are pending')
    .addOption(new Option('--status', 'write nothing; list the migrations and when each was applied').conflicts('check'))
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((options: Options) => run(shell, options));
}

type Options = { check?: boolean; status?: boolean };

async function run(shell: Shell, { check, status }: Options): Promise<void> {
  if (check) return shell.report(pending(await look(shell)));
  if (status) return shell.report(listed(await look(shell)));
  shell.report(applied(await withDatabase(shell, ({ database }) => migrate(database.orm))));
}

/** Writes nothing, and makes no embedded database to find out that it is empty. */
async function look(shell: Shell): Promise<Migration[]> {
  const names = migrationNames(shell.features);
  if (isYetToBeMade(loadConfig(shell.env))) return listMigrations(names, null);
  return withDatabase(shell, ({ database }) => listMigrations(names, database.orm));
}

const NOTHING = 'No migrations to apply.';

const applied = (names: readonly string[]): Report => ({
  lines: names.length > 0 ? names.map((name) => `Applied ${name}`) : [NOTHING],
  facts: { applied: names },
});

function pending(migrations: readonly Migration[]): Report {
  const names = migrations.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  const failed = names.length > 0;
  return { lines: failed ? names.map((name) => `Pending ${name}`) : [NOTHING], facts: { pending: names }, failed };
}

const listed = (migrations: readonly Migration[]): Report => ({
  lines: migrations.map(lineOf),
  facts: { migrations },
});

const lineOf = ({ name, appliedAt, isKnown }: Migration): string =>
  `${appliedAt?.toISOString() ?? 'pending'.padEnd(24)}  ${name}${isKnown ? '' : '  (of a newer version)'}`;
