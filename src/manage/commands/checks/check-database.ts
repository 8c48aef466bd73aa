import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SqlMikroORM } from '@mikro-orm/sql';
import type { Config } from '../../../config/config.ts';
import { placeOf } from '../../../config/postgres-url.ts';
import { type Database, isYetToBeMade } from '../../../database/database.ts';
import { explainUnusableDatabase } from '../../../database/database-errors.ts';
import { requireUtf8 } from '../../../database/encoding.ts';
import { listMigrations } from '../../../database/migrate.ts';
import { migrationNames } from '../../../database/migrations.ts';
import type { Feature } from '../../../shared/feature.ts';
import { OperatorError } from '../../../shared/operator-error.ts';
import type { Shell } from '../../console/shell.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkSequences } from './check-sequences.ts';
import type { Finding } from './finding.ts';

/** Whether the database answers and is migrated. Makes none, and leaves one alone that a server holds. */
export async function checkDatabase(
  { features, openDatabase }: Pick<Shell, 'features' | 'openDatabase'>,
  config: Config,
): Promise<Finding[]> {
  if (isYetToBeMade(config)) return [checkFolder(config)];
  try {
    const database = await openDatabase({ ...config, features });
    return await look(database, { ...config, features }).finally(database.close);
  } catch (error) {
    return [explain(explainUnusableDatabase(error))];
  }
}

async function look(database: Database, config: Config & Wanted): Promise<Finding[]> {
  await requireUtf8(database.orm);
  const findings = await Promise.all([
    checkAnswer(database, config),
    checkListening(database, config),
    checkMigrations(database, config),
    checkSequences(database.orm),
    checkStatementLog(database.orm),
    checkDeliveries(database.orm),
  ]);
  return findings.flat();
}

/** LISTEN has a connection of its own, past a pooler, as migrations have. */
async function checkListening({ listen }: Database, { databaseUrl, databaseDirectUrl }: Config): Promise<Finding[]> {
  if (databaseUrl === undefined) return [];
  const place = placeOf(databaseDirectUrl ?? databaseUrl);
  const stop = await listen('token_ended', { onMessage: () => {}, onListening: () => {} });
  await stop();
  return [{ area: 'database', status: 'ok', message: `At ${place}: LISTEN works, as subscriptions need it.` }];
}

/** Whether the embedded database can be made. */
function checkFolder({ dataDir }: Config): Finding {
  const area = 'database';
  const folder = nearestExisting(resolve(dataDir));
  try {
    accessSync(`${folder}/`, constants.W_OK); // the slash: a folder and no file
    return { area, status: 'ok', message: `Embedded, in ${dataDir}; its first use makes it.` };
  } catch {
    const message = `The embedded database cannot be made in ${dataDir}: ${folder} is no folder that may be written to.`;
    return { area, status: 'error', message, advice: 'Choose another DATA_DIR, or set DATABASE_URL.' };
  }
}

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)));

function explain(error: unknown): Finding {
  const area = 'database';
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof OperatorError)) return { area, status: 'error', message: `The database cannot be used: ${message}` };
  if (error.code !== 'DATABASE_IN_USE') return { area, status: 'error', message };
  // as it should be while the server runs
  const advice = 'A running server holds it, so it was not looked into: ask that server, /readyz says whether its database is well.';
  return { area, status: 'skipped', message: `${message.split('. ', 1)[0]}.`, advice };
}

async function checkAnswer({ orm }: Database, { databaseUrl, dataDir }: Config): Promise<Finding> {
  const em = orm.em.fork();
  await em.execute('select 1'); // connects
  const start = performance.now();
  const [row] = await em.execute("select current_setting('server_version') as version, now() as now");
  const milliseconds = Math.ceil(performance.now() - start);
  const where = databaseUrl === undefined ? `Embedded, in ${dataDir}` : `At ${placeOf(databaseUrl)}`;
  const clock = new Date(row?.now).toISOString();
  return {
    area: 'database',
    status: 'ok',
    message: `${where}: PostgreSQL ${row?.version}, answers in ${milliseconds} ms, its clock says ${clock}.`,
  };
}

type Wanted = Pick<Config, 'autoMigrate'> & { readonly features: readonly Feature[] };

async function checkMigrations({ orm }: Database, { autoMigrate, features }: Wanted): Promise<Finding> {
  const area = 'migrations';
  const migrations = await listMigrations(migrationNames(features), orm);
  const namesOf = (wanted: typeof migrations) => wanted.map(({ name }) => name).join(', ');
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null);
  const unknown = migrations.filter(({ isKnown }) => !isKnown);
  if (pending.length > 0) {
    const message = `Pending: ${namesOf(pending)}.`;
    if (autoMigrate) return { area, status: 'ok', message: `${message} The next start applies them.` };
    return { area, status: 'error', message, advice: 'Run `npm run manage migrate`.' };
  }
  if (unknown.length === 0) return { area, status: 'ok', message: `All ${migrations.length} applied.` };
  const advice = 'Install that version, or restore a backup from before it.';
  return { area, status: 'warning', message: `A newer version has migrated the database: ${namesOf(unknown)}.`, advice };
}

/** Whether PostgreSQL logs statements with their parameters: hashes, digests of keys and addresses are among those, and nowhere else. */
export async function checkStatementLog({ em }: SqlMikroORM): Promise<Finding[]> {
  const [row] = await em.fork().execute<{ isLogged: boolean }[]>(`
    select current_setting('log_parameter_max_length') <> '0'
           and (current_setting('log_statement') in ('mod', 'all') or current_setting('log_min_duration_statement') <> '-1'
                or current_setting('log_min_duration_sample') <> '-1'
                or current_setting('log_transaction_sample_rate')::float8 > 0) as "isLogged"`);
  if (!row?.isLogged) return [];
  const message = 'PostgreSQL logs statements together with their parameters: password hashes, digests of keys and addresses.';
  return [{ area: 'database', status: 'warning', message, advice: 'Set log_parameter_max_length = 0 there.' }];
}
