import { Command, type Option } from 'commander';
import type { Environment } from '../config/variable.ts';
import { asTyped, isPackage } from '../shared/as-typed.ts';
import { addChangePassword } from './commands/changepassword.ts';
import { addCheck } from './commands/check.ts';
import { addCreateMigration } from './commands/create-migration.ts';
import { addCreateToken } from './commands/create-token.ts';
import { addCreateSuperuser } from './commands/createsuperuser.ts';
import { addExportDjango } from './commands/export-django.ts';
import { addImportDjango } from './commands/import-django.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPrune } from './commands/prune.ts';
import { addRevokeTokens } from './commands/revoke-tokens.ts';
import { addSeed } from './commands/seed.ts';
import type { Shell } from './console/shell.ts';

const inClone = `
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

const inPackage = `
The app is app.ts, app.js, src/app.ts or src/app.js in this folder, or what --app names.

With --json a command prints one JSON object. What cannot be done is then {"error": {"code": "USER_NOT_FOUND", "message": "..."}}.

Examples:
  npx graphql-token-auth init blog
  npx graphql-token-auth start
  npx graphql-token-auth create-migration posts
  npx graphql-token-auth migrate --check
  npx graphql-token-auth help create-token

Exit codes: 0 done, 1 not done, 2 wrong usage.`;

/** Adds a command to the program. */
export type AddCommand = (program: Command, shell: Shell) => void;

const commands: readonly AddCommand[] = [
  addMigrate,
  addCreateMigration,
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

/** All commands, and `more` where there are more. @throws CommanderError for help and wrong usage, once it is explained */
export function createProgram(shell: Shell, more: readonly AddCommand[] = []): Command {
  const program = new Command('npm run manage')
    .usage('<command> [-- options]')
    .description('Looks after a graphql-token-auth installation.')
    .showHelpAfterError('Run `npm run manage help` for the commands and their options.')
    .addHelpText('after', isPackage ? inPackage : inClone)
    .configureOutput({
      writeOut: (text) => shell.stdout.write(asTyped(text)),
      writeErr: (text) => shell.json || shell.stderr.write(asTyped(text)),
    })
    .exitOverride()
    .hook('preSubcommand', (parent, command) => refuseWhatNpmKept(command, parent.args.slice(1), shell.env));
  for (const addTo of [...more, ...commands]) addTo(program, shell);
  return program;
}

/** npm has these itself, and a person may have set them for good in an .npmrc. */
const npmsOwn = ['json', 'yes', 'all'];

/** npm once kept these of an account in an .npmrc, where they may still be. */
const npmsOfOld = ['email', 'username'];

/**
 * Refuses options that npm took for its own because no `--` came first, and put into the environment instead:
 * `npm run manage migrate --check` would migrate, `import-django --since=2026-11-20` would read all users. Comes before the
 * arguments are looked at: of `--from <url>` npm takes the one word and leaves the other.
 * @param operands what was typed behind the command
 */
function refuseWhatNpmKept(command: Command, operands: readonly string[], env: Environment): void {
  if (env.npm_lifecycle_event !== 'manage') return;
  const kept = command.options.filter((option) => isKept(option, env));
  if (kept.length === 0) return;
  const names = kept.map(({ long }) => long).join(' and ');
  const wanted = operands.filter((operand) => !operand.startsWith('-')).slice(0, command.registeredArguments.length);
  const line = [command.name(), ...wanted, '--', ...kept.map(typed)].join(' ');
  command.error(`error: npm kept ${names} for itself. Put "--" before it: npm run manage ${line}`);
}

function isKept(option: Option, env: Environment): boolean {
  const name = option.name();
  if (npmsOwn.includes(name)) return false;
  const given = [name, option.short?.slice(1) ?? name].map((each) => env[`npm_config_${each.replaceAll('-', '_')}`]);
  const isWithoutValue = given.some((value) => /^true(\s+true)*$/.test(value ?? '')); // npm repeats what came several times
  return isWithoutValue || (!option.isBoolean() && !npmsOfOld.includes(name) && given.some((value) => value !== undefined));
}

/** An option as its help shows it, without what may be a secret. */
const typed = (option: Option): string => option.flags.replace(/^-\w, /, '').replace(/\.\.\.>$/, '>');
