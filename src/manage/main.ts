import { Command, CommanderError } from 'commander';
import { explainUnusableDatabase } from '../database/unusable-database.ts';
import { reportFatal } from '../operator-error.ts';
import { addCreateToken } from './create-token.command.ts';
import { addCreateSuperuser } from './createsuperuser.command.ts';
import { addExportDjango } from './export-django.command.ts';
import { addImportDjango } from './import-django.command.ts';
import { addMigrate } from './migrate.command.ts';

const help = `
Examples:
  npm run manage migrate
  npm run manage createsuperuser
  npm run manage create-token bob -- -r    (npm keeps options for itself unless "--" comes first)
  npm run manage help create-token

Exit codes: 0 done, 1 not done, 2 wrong usage.`;

function createProgram(): Command {
  const program = new Command('npm run manage')
    .usage('<command> [-- options]')
    .description('Looks after a graphql-token-auth installation.')
    .showHelpAfterError('Run `npm run manage help` for the commands and their options.')
    .addHelpText('after', help)
    .exitOverride();
  for (const addTo of [addMigrate, addCreateSuperuser, addCreateToken, addImportDjango, addExportDjango]) addTo(program);
  return program;
}

/** What commander throws it has already printed, help included. */
function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  reportFatal(explainUnusableDatabase(error));
  return 1;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
}
