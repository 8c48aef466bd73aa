import type { Command } from 'commander';
import { prune } from '../sweeping/prune.ts';
import type { SweepKind } from '../sweeping/sweep.ts';
import { withProgress } from './progress.ts';
import { jsonOption, type Shell } from './shell.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
Servers do the same by themselves, every ten minutes. Tokens stay for a day past their end, so that their holders hear that they
expired.

Examples:
  npm run manage prune
  npm run -s manage prune -- --json    {"deleted": {"tokens": 12, "links": 3, "mails": 0, "attempts": 40, "places": 0}}`;

/** Adds `prune`: Simple JWT's `flushexpiredtokens`, for everything that does not stay for ever. */
export function addPrune(program: Command, shell: Shell): void {
  program
    .command('prune')
    .usage('[-- options]')
    .description('Delete what is past its time: tokens, links, records of mails sent, counts of attempts, places of sign-ins.')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action(() => run(shell));
}

const labels: Record<SweepKind, string> = {
  tokens: 'expired tokens',
  links: 'expired links',
  mails: 'records of mails sent',
  attempts: 'counts of attempts',
  places: 'places of sign-ins',
};

async function run(shell: Shell): Promise<void> {
  const deleted = await withMigratedDatabase(shell, ({ database }) =>
    withProgress(shell, { label: 'Deleted' }, (advance) => prune(database.orm.em, advance)),
  );
  const kinds: SweepKind[] = ['tokens', 'links', 'mails', 'attempts', 'places'];
  shell.report({ lines: kinds.map((kind) => `Deleted ${deleted[kind]} ${labels[kind]}`), facts: { deleted } });
}
