import type { Command } from 'commander';
import { loadConfig } from '../../config/config.ts';
import { createHasher } from '../../services/passwords/passwords.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';
import { checkPassword, passwordRules, weakPasswordOption } from './password-rules.ts';
import { DEMO_PASSWORD, demoPeople, profileOf } from './seed/demo-people.ts';
import { MAX_ACCOUNTS, type Seeded, seedDemo } from './seed/seed-demo.ts';

const examples = `
Adds demo accounts with a known password, each only once. Refused in production, and in a database with more than ${MAX_ACCOUNTS} accounts.

Examples:
  npm run seed -- --demo`;

const inProduction = (): OperatorError => new OperatorError('Demo users have a known password: NODE_ENV=production refuses them.');

const inUse = (): OperatorError =>
  new OperatorError(`This database has more than ${MAX_ACCOUNTS} accounts and looks as if it was in use. Seed another one.`);

/** Adds `seed`, which fills a development database with people to try. */
export function addSeed(program: Command, shell: Shell): void {
  program
    .command('seed')
    .usage('-- --demo')
    .description('Add demo users to a development database.')
    .requiredOption('--demo', 'add them')
    .option(...weakPasswordOption)
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((options: Options) => run(shell, options));
}

type Options = { allowWeakPassword?: boolean };

async function run(shell: Shell, { allowWeakPassword }: Options): Promise<void> {
  const config = loadConfig(shell.env);
  if (config.production) throw inProduction();
  const rules = passwordRules(config, allowWeakPassword);
  for (const person of demoPeople) checkPassword(DEMO_PASSWORD, profileOf(person), rules);
  const seeded = await withMigratedDatabase(shell, ({ database }) => {
    const passwords = createHasher(config.bcryptCost);
    return seedDemo({ em: database.orm.em.fork(), passwords, tokenPolicy: config.tokenPolicy });
  });
  if (seeded === 'in-use') throw inUse();
  const isPasswordNews = seeded.some(({ isNew }) => isNew);
  const lines = [...seeded.map(describe), ...(isPasswordNews ? [`\nThe password of all new ones: ${DEMO_PASSWORD}`] : [])];
  const people = seeded.map(({ person: { username }, isNew }) => ({ username, isNew }));
  shell.report({ lines, facts: { people, password: DEMO_PASSWORD } });
}

const describe = ({ person: { username, about }, isNew }: Seeded): string =>
  `${username}  ${isNew ? about : 'was there already, left alone'}`;
