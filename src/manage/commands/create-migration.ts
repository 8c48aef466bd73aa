import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { APP_VARIABLE } from '../../config/environment.ts';
import { migrate } from '../../database/migrate.ts';
import { migrationNames } from '../../database/migrations.ts';
import type { Feature } from '../../shared/feature.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { jsonOption, type Shell } from '../console/shell.ts';
import { writeSource } from '../console/source-file.ts';

const examples = `
Compares your entities and user columns with what all migrations make of an empty database, a throw-away one, and writes the SQL
that is missing as a new migration. Read it before you apply it: a renamed column looks like one dropped and one added.

Examples:
  npm run manage create-migration posts
  npm run manage create-migration -- --feature notes
  npm run -s manage create-migration -- --json    {"file": "migrations/Migration20261201120000_changes.ts", "statements": ["..."]}
(npm keeps options for itself unless "--" comes first.)`;

/** Adds `create-migration`, which writes what the entities have and no migration makes. */
export function addCreateMigration(program: Command, shell: Shell): void {
  program
    .command('create-migration')
    .usage('[name] [-- options]')
    .description('Write the SQL that your entities need and no migration has.')
    .argument('[name]', 'what it is about', checkName, 'changes')
    .option('--feature <name>', 'the feature to add it to, when several have migrations')
    .option(...jsonOption)
    .addHelpText('after', examples)
    .action((name: string, { feature }: { feature?: string }) => run(shell, name, feature));
}

function checkName(name: string): string {
  if (/^[a-z][a-z0-9_]{0,59}$/.test(name)) return name;
  throw new InvalidArgumentError('It must be lower-case letters, digits and underscores, like post_titles.');
}

async function run(shell: Shell, name: string, feature: string | undefined): Promise<void> {
  const folder = folderOf(shell.features, feature);
  const statements = await missingStatements(shell);
  if (statements.length === 0) return shell.report({ lines: ['Nothing is missing.'], facts: { file: null, statements } });
  const title = `Migration${nextTime(shell.features)}_${name}`;
  const isTyped = !shell.env[APP_VARIABLE]?.endsWith('.js');
  const file = join(folder, `${title}${isTyped ? '.ts' : '.js'}`);
  writeSource(file, sourceOf(title, statements, isTyped));
  shell.report({ lines: [...statements.map((statement) => `${statement};`), `Wrote ${file}`], facts: { file, statements } });
}

const OURS = new URL('../../../migrations/', import.meta.url).href;

/** @throws OperatorError when it is not clear which one is meant */
function folderOf(features: readonly Feature[], wanted: string | undefined): string {
  const places = features.flatMap(({ name, migrations }) => (migrations && migrations.href !== OURS ? [{ name, migrations }] : []));
  const chosen = wanted === undefined ? places : places.filter(({ name }) => name === wanted);
  const [first] = chosen;
  if (first && chosen.length === 1) return fileURLToPath(first.migrations);
  if (places.length === 0) throw new OperatorError(NO_FOLDER);
  throw new OperatorError(`Name the feature that the migration belongs to: ${places.map(({ name }) => `--feature ${name}`).join(' or ')}.`);
}

const NO_FOLDER = "The app names no folder for its migrations. Add to defineApp: migrations: new URL('./migrations/', import.meta.url)";

/** What a database with all migrations lacks. */
async function missingStatements({ features, openDatabase }: Pick<Shell, 'features' | 'openDatabase'>): Promise<string[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'graphql-token-auth-'));
  try {
    const { orm, close } = await openDatabase({ features, databaseUrl: undefined, databasePoolMax: 1, dataDir });
    return statementsIn(
      await migrate(orm)
        .then(() => orm.schema.getUpdateSchemaSQL({ wrap: false }))
        .finally(close),
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const statementsIn = (sql: string): string[] =>
  sql
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Now, in UTC, or right after the newest migration if that is dated later: the order of names is the order of running. */
function nextTime(features: readonly Feature[]): string {
  const newest = /^Migration(\d{14})/.exec(migrationNames(features).at(-1) ?? '')?.[1] ?? '';
  const now = digitsOf(new Date());
  return newest < now ? now : digitsOf(new Date(Date.parse(isoOf(newest)) + 1000));
}

const digitsOf = (time: Date): string => time.toISOString().replaceAll(/\D/g, '').slice(0, 14);

const isoOf = (digits: string): string => digits.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z');

/** A text that can stand in a template literal as it is. */
const escaped = (sql: string): string => sql.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&');

const sourceOf = (
  title: string,
  statements: readonly string[],
  isTyped: boolean,
): string => `import { Migration } from '@mikro-orm/migrations';

export class ${title} extends Migration {
  ${isTyped ? 'override up(): void' : 'up()'} {
${statements.map((statement) => `    this.addSql(\`${escaped(statement)}\`);`).join('\n')}
  }
}
`;
