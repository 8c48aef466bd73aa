import type { Command } from 'commander';
import { migrate } from '../database/migrate.ts';
import { print } from './print.ts';
import { withDatabase } from './with-database.ts';

/** Adds `migrate`, which brings the database to this version. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .usage('')
    .description('Bring the database up to date with this version.')
    .addHelpText('after', '\nExample:\n  npm run manage migrate')
    .action(() => withDatabase(({ database }) => report(migrate(database.orm))));
}

async function report(migration: Promise<string[]>): Promise<void> {
  const applied = await migration;
  if (applied.length === 0) print('No migrations to apply.');
  for (const name of applied) print(`Applied ${name}`);
}
