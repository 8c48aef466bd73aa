import type { Command } from 'commander';
import { createSuperuser, type NewSuperuser } from '../auth/create-superuser.ts';
import { loadSuperuserSettings, readEnvironment } from '../config.ts';
import { OperatorError } from '../operator-error.ts';
import { createHashPool } from '../passwords/hash-pool.ts';
import { createPasswords, type Passwords } from '../passwords/passwords.ts';
import { User } from '../users/user.entity.ts';
import type { UserRepository } from '../users/user.repository.ts';
import { askSuperuser, type Given } from './ask-superuser.ts';
import { givenSuperuser } from './given-superuser.ts';
import { print } from './print.ts';
import { USERNAME_TAKEN } from './superuser-checks.ts';
import { openTerminal } from './terminal.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
--noinput takes what no option gives from SUPERUSER_USERNAME, SUPERUSER_EMAIL and SUPERUSER_PASSWORD.
Without a password the account cannot log in; create-token can issue it a token all the same.

Examples:
  npm run manage createsuperuser
  npm run manage createsuperuser -- --username ann --email ann@example.com
  SUPERUSER_PASSWORD=... npm run manage createsuperuser -- --noinput --username ann --email ann@example.com
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `createsuperuser`, as Django has it. */
export function addCreateSuperuser(program: Command): void {
  program
    .command('createsuperuser')
    .usage('[-- options]')
    .description('Create an account that may look after all others.')
    .option('--username <username>', 'the username; asked for otherwise')
    .option('--email <address>', 'the email address, "" for none; asked for otherwise')
    .option('--noinput', 'ask nothing')
    .addHelpText('after', examples)
    .action(run);
}

type Options = { noinput?: boolean; username?: string; email?: string };
type Deps = { users: UserRepository; passwords: Passwords };

async function run({ noinput, username, email }: Options): Promise<void> {
  if (noinput) {
    const settings = loadSuperuserSettings(readEnvironment());
    const superuser = givenSuperuser({ ...settings, username: username ?? settings.username, email: email ?? settings.email });
    return create(async () => superuser);
  }
  if (!process.stdin.isTTY) throw notAtTerminal();
  return create((deps) => askAtTerminal(deps, { username, email }));
}

/** Django ends with 0 here; a script that forgot --noinput should notice that it has no superuser. */
const notAtTerminal = (): OperatorError =>
  new OperatorError(
    'Superuser creation skipped due to not running in a TTY. ' +
      'You can run `npm run manage createsuperuser` in a terminal to create one manually, or use --noinput.',
  );

async function askAtTerminal(deps: Deps, given: Given): Promise<NewSuperuser> {
  const terminal = openTerminal();
  try {
    return await askSuperuser({ ...deps, terminal }, given);
  } finally {
    terminal.close(); // gives the terminal back: from here on Ctrl+C ends the process
  }
}

async function create(findOut: (deps: Deps) => Promise<NewSuperuser>): Promise<void> {
  await withMigratedDatabase(async ({ config, database }) => {
    const em = database.orm.em.fork();
    const passwords = createPasswords({
      cost: config.bcryptCost,
      minLength: config.passwordMinLength,
      pool: createHashPool({ queue: config.hashQueue }),
    });
    const outcome = await findOut({ users: em.getRepository(User), passwords })
      .then((superuser) => createSuperuser({ em, passwords }, superuser))
      .finally(passwords.stop);
    if (outcome === 'username-taken') throw new OperatorError(USERNAME_TAKEN);
    print('Superuser created successfully.');
  });
}
