import type { Command } from 'commander';
import { revokeEverybodysTokens, revokeTokensOf } from '../../features/tokens/revoke-tokens.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { withProgress } from '../console/progress.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { atTerminal } from '../console/terminal.ts';
import { findUser, type Opened, withMigratedDatabase } from '../console/with-database.ts';

const examples = `
Clients that use these tokens have to log in again; running servers refuse the tokens at once.

Examples:
  npm run manage revoke-tokens bob
  npm run manage revoke-tokens -- --all          (asks whether you mean it)
  npm run manage revoke-tokens -- --all --yes    (in a script)
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `revoke-tokens`, which signs one user or all users out. */
export function addRevokeTokens(program: Command, shell: Shell): void {
  program
    .command('revoke-tokens')
    .usage('<username> | -- --all')
    .description('End all tokens of one account, or of all accounts.')
    .argument('[username]', 'the account, spelled as it was registered')
    .option('--all', 'of all accounts')
    .option('--yes', 'do not ask')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((username: string | undefined, options: Options, command: Command) => run(shell, command, username, options));
}

type Options = { all?: boolean; yes?: boolean };

async function run(shell: Shell, command: Command, username: string | undefined, { all, yes }: Options): Promise<void> {
  if ((username === undefined) === (all === undefined)) command.error('error: either a username or --all is needed');
  if (username === undefined && !yes) await confirm(shell);
  const revoked = await withMigratedDatabase(shell, (opened) =>
    username === undefined ? revokeAll(shell, opened) : revokeOf(opened, username),
  );
  shell.report({ lines: [`Tokens revoked: ${revoked}`], facts: { revoked } });
}

async function confirm(shell: Shell): Promise<void> {
  if (!shell.stdin.isTTY) throw new OperatorError('--all asks whether you mean it. In a script, add --yes.', { code: 'NOT_A_TERMINAL' });
  const answer = await atTerminal(shell, ({ ask }) => ask('All users will have to log in again. Continue? [y/N]: '));
  if (answer.toLowerCase() !== 'y') throw new OperatorError('Operation cancelled.', { code: 'CANCELLED' });
}

const revokeAll = (shell: Shell, { database }: Opened): Promise<number> =>
  withProgress(shell, { label: 'Revoked' }, (advance) => revokeEverybodysTokens(database.orm.em, advance));

async function revokeOf({ database }: Opened, username: string): Promise<number> {
  const em = database.orm.em.fork();
  return revokeTokensOf(em, await findUser(em, username));
}
