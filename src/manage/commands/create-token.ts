import { type Command, Option } from 'commander';
import { grantToken } from '../../features/tokens/grant-tokens.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';
import { createMissingTokens } from './create-missing-tokens.ts';

const examples = `
A key is shown this once: only its digest is stored. The user is told by mail.
--missing prints a line for each: the username, a tab, the key; it sends no mail.

Examples:
  npm run manage create-token bob
  npm run manage create-token bob -- -r    (npm keeps options for itself unless "--" comes first)
  npm run -s manage create-token -- --missing > keys.tsv
  npm run -s manage create-token bob -- --json    {"username": "bob", "key": "..."}`;

/** Adds `create-token`: DRF's `drf_create_token`, with its sentences. */
export function addCreateToken(program: Command, shell: Shell): void {
  program
    .command('create-token')
    .usage('<username> [-- options] | -- --missing')
    .description('Issue a token for an account and print it.')
    .argument('[username]', 'the account, spelled as it was registered')
    .option('-r, --reset', 'replace all tokens that the user has')
    .addOption(new Option('--missing', 'issue one for every active user who has none').conflicts('reset'))
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((username: string | undefined, options: Options, command: Command) => run(shell, command, username, options));
}

type Options = { reset?: boolean; missing?: boolean };

async function run(shell: Shell, command: Command, username: string | undefined, { reset = false, missing }: Options): Promise<void> {
  if (missing && username === undefined) return createMissingTokens(shell);
  if (missing) command.error('error: --missing is for all accounts, without a username');
  if (username === undefined) return command.error("error: missing required argument 'username'");
  const key = await withMigratedDatabase(shell, ({ database, config: { tokenPolicy, mail } }) =>
    grantToken({ em: database.orm.em.fork(), tokenPolicy, mail: mail && { nudge: () => {} } }, { username, reset }),
  );
  if (key === null) throw new OperatorError(`Cannot create the Token: user ${username} does not exist`, { code: 'USER_NOT_FOUND' });
  shell.report({ lines: [`Generated token ${key} for user ${username}`], facts: { username, key } });
}
