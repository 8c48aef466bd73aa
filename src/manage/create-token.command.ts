import type { Command } from 'commander';
import { grantToken } from '../auth/grant-token.ts';
import { OperatorError } from '../operator-error.ts';
import { print } from './print.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
The key is shown this once: only its digest is stored.

Examples:
  npm run manage create-token bob
  npm run manage create-token bob -- -r    (npm keeps options for itself unless "--" comes first)`;

/** Adds `create-token`: DRF's `drf_create_token`, with its sentences. */
export function addCreateToken(program: Command): void {
  program
    .command('create-token')
    .usage('<username> [-- options]')
    .description('Issue a token for somebody and print it.')
    .argument('<username>', 'whose token, spelled as it was registered')
    .option('-r, --reset', 'replace all tokens that the user has')
    .addHelpText('after', examples)
    .action(run);
}

async function run(username: string, { reset = false }: { reset?: boolean }): Promise<void> {
  await withMigratedDatabase(async ({ database, config: { tokenPolicy } }) => {
    const key = await grantToken({ em: database.orm.em.fork(), tokenPolicy }, { username, reset });
    if (key === null) throw new OperatorError(`Cannot create the Token: user ${username} does not exist`);
    print(`Generated token ${key} for user ${username}`);
  });
}
