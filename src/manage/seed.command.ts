import type { Command } from 'commander';
import { DEMO_PASSWORD } from '../demo/demo-people.ts';
import { MAX_ACCOUNTS, type Seeded, seedDemo } from '../demo/seed-demo.ts';
import { OperatorError } from '../operator-error.ts';
import { createPasswords } from '../passwords/passwords.ts';
import { print } from './print.ts';
import { withMigratedDatabase } from './with-database.ts';

const examples = `
Adds people with a known password, and nobody twice. Refused in production, and in a database with more than ${MAX_ACCOUNTS} accounts.

Example:
  npm run seed -- --demo`;

const inProduction = (): OperatorError => new OperatorError('Demo users have a known password: NODE_ENV=production refuses them.');

const inUse = (): OperatorError =>
  new OperatorError(`This database has more than ${MAX_ACCOUNTS} accounts and looks as if it was in use. Seed another one.`);

/** Adds `seed`, which fills a development database with people to try. */
export function addSeed(program: Command): void {
  program
    .command('seed')
    .usage('-- --demo')
    .description('Add demo users to a development database.')
    .requiredOption('--demo', 'add them')
    .addHelpText('after', examples)
    .action(run);
}

async function run(): Promise<void> {
  await withMigratedDatabase(async ({ config, database }) => {
    if (config.production) throw inProduction();
    const passwords = createPasswords({ cost: config.bcryptCost, minLength: config.passwordMinLength, queue: config.hashQueue });
    const { tokenPolicy } = config;
    const seeded = await seedDemo({ em: database.orm.em.fork(), passwords, tokenPolicy }).finally(passwords.stop);
    if (seeded === 'in-use') throw inUse();
    for (const line of seeded.map(describe)) print(line);
    if (seeded.some(({ isNew }) => isNew)) print(`\nThe password of all new ones: ${DEMO_PASSWORD}`);
  });
}

const describe = ({ person: { username, about }, isNew }: Seeded): string =>
  `${username}  ${isNew ? about : 'was there already, left alone'}`;
