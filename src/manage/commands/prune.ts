import type { Command } from 'commander';
import { prune, sweepsOf } from '../../services/sweeper.ts';
import { withProgress } from '../console/progress.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';

const examples = `
Servers do the same by themselves, every ten minutes. Tokens stay for a day past their end, so that their holders hear that they
expired.

Examples:
  npm run manage prune
  npm run -s manage prune -- --json    {"deleted": {"tokens": 12, "links": 3, "mails": 0, "attempts": 40}}`;

/** Adds `prune`: Simple JWT's `flushexpiredtokens`, for everything that does not stay for ever. */
export function addPrune(program: Command, shell: Shell): void {
  program
    .command('prune')
    .usage('[-- options]')
    .description('Delete what is past its time: tokens, links, records of mails sent, counts of attempts.')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action(() => run(shell));
}

async function run(shell: Shell): Promise<void> {
  const sweeps = sweepsOf(shell.features);
  const deleted = await withMigratedDatabase(shell, ({ database }) =>
    withProgress(shell, { label: 'Deleted' }, (advance) => prune(database.orm.em, sweeps, advance)),
  );
  const lines = Object.entries(sweeps).map(([name, { what }]) => `Deleted ${deleted[name]} ${what}`);
  shell.report({ lines, facts: { deleted } });
}
