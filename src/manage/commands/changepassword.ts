import type { Command } from 'commander';
import { loadConfig } from '../../config/config.ts';
import { imposePassword } from '../../features/account/set-password.ts';
import type { User } from '../../features/users/user.ts';
import { createHasher } from '../../services/passwords/passwords.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { atTerminal } from '../console/terminal.ts';
import { findUser, userNotFound, withMigratedDatabase } from '../console/with-database.ts';
import { askNewPassword, readNewPassword } from './new-password.ts';
import { checkPassword, type PasswordRules, passwordRules, weakPasswordOption } from './password-rules.ts';

const examples = `
All tokens of the user end with the old password, and the user is told by mail.
--noinput takes the password from NEW_PASSWORD or, without that, from standard input.

Examples:
  npm run manage changepassword bob
  NEW_PASSWORD=... npm run manage changepassword bob -- --noinput
  npm run -s manage changepassword bob -- --noinput --json < password.txt
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `changepassword`, as Django has it. */
export function addChangePassword(program: Command, shell: Shell): void {
  program
    .command('changepassword')
    .usage('<username> [-- options]')
    .description('Change the password of an account.')
    .argument('<username>', 'the account, spelled as it was registered')
    .option('--noinput', 'ask nothing')
    .option(...weakPasswordOption)
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((username: string, options: Options) => run(shell, username, options));
}

type Options = { noinput?: boolean; allowWeakPassword?: boolean };

async function run(shell: Shell, username: string, { noinput = false, allowWeakPassword }: Options): Promise<void> {
  if (!noinput && !shell.stdin.isTTY) throw notAtTerminal();
  const rules = passwordRules(loadConfig(shell.env), allowWeakPassword);
  const given = noinput ? await readNewPassword(shell) : null;
  const endedTokens = await withMigratedDatabase(shell, async ({ config, database }) => {
    const em = database.orm.em.fork();
    const user = await findUser(em, username);
    const password = given === null ? await ask(shell, user, rules) : checkPassword(given, user, rules);
    const deps = { em, passwords: createHasher(config.bcryptCost), mail: config.mail && { nudge: () => {} } };
    return imposePassword(deps, { user, password });
  });
  if (endedTokens === null) throw userNotFound(username);
  const lines = [`Password changed successfully for user '${username}'`, `Tokens ended: ${endedTokens}`];
  shell.report({ lines, facts: { username, endedTokens } });
}

const notAtTerminal = (): OperatorError =>
  new OperatorError('changepassword asks for the password at a terminal. In a script, use --noinput.', { code: 'NOT_A_TERMINAL' });

const ask = (shell: Shell, user: User, rules: PasswordRules): Promise<string> =>
  atTerminal(shell, (terminal) => {
    terminal.say(`Changing password for user '${user.username}'`);
    return askNewPassword(terminal, user, rules);
  });
