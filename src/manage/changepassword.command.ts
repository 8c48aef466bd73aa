import type { Command } from 'commander';
import { imposePassword } from '../account/impose-password.ts';
import { enqueue } from '../mail/post-office.ts';
import { OperatorError } from '../operator-error.ts';
import { createHasher } from '../passwords/passwords.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { User } from '../users/user.entity.ts';
import { findUser, userNotFound } from './find-user.ts';
import { askNewPassword, checkNewPassword, readNewPassword } from './new-password.ts';
import { jsonOption, type Shell } from './shell.ts';
import { atTerminal } from './terminal.ts';
import { withMigratedDatabase } from './with-database.ts';

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
    .description('Give somebody another password.')
    .argument('<username>', 'whose password, spelled as it was registered')
    .option('--noinput', 'ask nothing')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((username: string, options: { noinput?: boolean }) => run(shell, username, options));
}

async function run(shell: Shell, username: string, { noinput = false }: { noinput?: boolean }): Promise<void> {
  if (!noinput && !shell.stdin.isTTY) throw notAtTerminal();
  const given = noinput ? await readNewPassword(shell) : null;
  const endedTokens = await withMigratedDatabase(shell, async ({ config, database }) => {
    const em = database.orm.em.fork();
    const user = await findUser(em, username);
    const policy = config.passwordPolicy;
    const password = given === null ? await ask(shell, user, policy) : checkNewPassword(given, user, policy);
    const deps = { em, passwords: createHasher(config.bcryptCost), mail: config.mail && { enqueue } };
    return imposePassword(deps, { user, password });
  });
  if (endedTokens === null) throw userNotFound(username);
  const lines = [`Password changed successfully for user '${username}'`, `Tokens ended: ${endedTokens}`];
  shell.report({ lines, facts: { username, endedTokens } });
}

const notAtTerminal = (): OperatorError =>
  new OperatorError('changepassword asks for the password at a terminal. In a script, use --noinput.', { code: 'NOT_A_TERMINAL' });

const ask = (shell: Shell, user: User, policy: PasswordPolicy): Promise<string> =>
  atTerminal(shell, (terminal) => {
    terminal.say(`Changing password for user '${user.username}'`);
    return askNewPassword(terminal, user, policy);
  });
