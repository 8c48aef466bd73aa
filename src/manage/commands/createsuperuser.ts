import type { Command } from 'commander';
import type { UsernameAlphabet } from '../../config/accounts.ts';
import { loadSuperuserSettings } from '../../config/commands.ts';
import { loadConfig } from '../../config/config.ts';
import { createSuperuser, type NewSuperuser } from '../../features/staff/create-superuser.ts';
import { User, type UserRepository } from '../../features/users/user.ts';
import { createHasher } from '../../services/passwords/passwords.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { atTerminal } from '../console/terminal.ts';
import { withMigratedDatabase } from '../console/with-database.ts';
import { passwordRules, weakPasswordOption } from './password-rules.ts';
import { askSuperuser, type Given, givenSuperuser, USERNAME_TAKEN } from './superuser.ts';

const examples = `
--noinput takes what no option gives from SUPERUSER_USERNAME, SUPERUSER_EMAIL and SUPERUSER_PASSWORD.
Without a password the account cannot log in; create-token can issue it a token all the same.

Examples:
  npm run manage createsuperuser
  npm run manage createsuperuser -- --username ann --email ann@example.com
  SUPERUSER_PASSWORD=... npm run manage createsuperuser -- --noinput --username ann --email ann@example.com
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `createsuperuser`, as Django has it. */
export function addCreateSuperuser(program: Command, shell: Shell): void {
  program
    .command('createsuperuser')
    .usage('[-- options]')
    .description('Create an account that may look after all others.')
    .option('--username <username>', 'the username; asked for otherwise')
    .option('--email <address>', 'the email address, "" for none; asked for otherwise')
    .option('--noinput', 'ask nothing')
    .option(...weakPasswordOption)
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((options: Options) => run(shell, options));
}

type Options = { noinput?: boolean; allowWeakPassword?: boolean; username?: string; email?: string };
type Deps = { users: UserRepository; usernames: UsernameAlphabet };

async function run(shell: Shell, { noinput, allowWeakPassword, username, email }: Options): Promise<void> {
  const rules = passwordRules(loadConfig(shell.env), allowWeakPassword);
  if (noinput) {
    const settings = loadSuperuserSettings(shell.env);
    const given = { ...settings, username: username ?? settings.username, email: email ?? settings.email };
    return create(shell, async ({ usernames }) => givenSuperuser(given, { rules, usernames }));
  }
  if (!shell.stdin.isTTY) throw notAtTerminal();
  const given: Given = { username, email };
  return create(shell, (deps) => atTerminal(shell, (terminal) => askSuperuser({ ...deps, rules, terminal }, given)));
}

/** Django ends with 0 here; a script that forgot --noinput should notice that it has no superuser. */
const notAtTerminal = (): OperatorError =>
  new OperatorError(
    'Superuser creation skipped due to not running in a TTY. ' +
      'You can run `npm run manage createsuperuser` in a terminal to create one manually, or use --noinput.',
    { code: 'NOT_A_TERMINAL' },
  );

async function create(shell: Shell, findOut: (deps: Deps) => Promise<NewSuperuser>): Promise<void> {
  const user = await withMigratedDatabase(shell, async ({ config: { bcryptCost, mail, usernames }, database }) => {
    const em = database.orm.em.fork();
    const superuser = await findOut({ users: em.getRepository(User), usernames });
    return createSuperuser({ em, passwords: createHasher(bcryptCost), mail: mail && { nudge: () => {} } }, superuser);
  });
  if (user === 'username-taken') throw new OperatorError(USERNAME_TAKEN, { code: 'USERNAME_TAKEN' });
  const { id, username, email } = user;
  shell.report({ lines: ['Superuser created successfully.'], facts: { id, username, email } });
}
