import { Command } from 'commander';
import { addChangePassword } from './commands/changepassword.ts';
import { addCheck } from './commands/check.ts';
import { addCreateToken } from './commands/create-token.ts';
import { addCreateSuperuser } from './commands/createsuperuser.ts';
import { addExportDjango } from './commands/export-django.ts';
import { addImportDjango } from './commands/import-django.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPrune } from './commands/prune.ts';
import { addRevokeTokens } from './commands/revoke-tokens.ts';
import { addSeed } from './commands/seed.ts';
import type { Shell } from './console/shell.ts';
import { refuseWhatNpmKept } from './npm-options.ts';

const help = `
npm keeps options for itself unless "--" comes first: npm run manage create-token bob -- -r

With --json a command prints one JSON object. npm prints lines of its own before it unless told -s:
  npm run -s manage check -- --json
What cannot be done is then {"error": {"code": "USER_NOT_FOUND", "message": "..."}}.

Examples:
  npm run manage migrate
  npm run manage createsuperuser
  npm run manage create-token bob -- -r
  npm run manage check
  npm run manage help create-token

Exit codes: 0 done, 1 not done, 2 wrong usage.`;

const commands = [
  addMigrate,
  addCheck,
  addCreateSuperuser,
  addChangePassword,
  addCreateToken,
  addRevokeTokens,
  addPrune,
  addImportDjango,
  addExportDjango,
  addSeed,
];

/** All commands. @throws CommanderError for help and wrong usage, once it is explained */
export function createProgram(shell: Shell): Command {
  const program = new Command('npm run manage')
    .usage('<command> [-- options]')
    .description('Looks after a graphql-token-auth installation.')
    .showHelpAfterError('Run `npm run manage help` for the commands and their options.')
    .addHelpText('after', help)
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.json || shell.stderr.write(text),
    })
    .exitOverride()
    .hook('preSubcommand', (parent, command) => refuseWhatNpmKept(command, parent.args.slice(1), shell.env));
  for (const addTo of commands) addTo(program, shell);
  return program;
}
