import type { Config } from '../../../config/config.ts';
import { placeOf } from '../../../config/postgres-url.ts';
import { explainUnusableDatabase } from '../../../database/database-errors.ts';
import type { Shell } from '../../console/shell.ts';
import type { Finding } from './finding.ts';

type Deps = Pick<Shell, 'features' | 'openDatabase'>;

const area = 'database';

/** Whether each replica is one of this very database, and how far it lags behind. */
export async function checkReplicas(deps: Deps, { databaseUrl, databaseReadUrls }: Config): Promise<Finding[]> {
  if (databaseUrl === undefined || databaseReadUrls.length === 0) return [];
  const primary = await look(deps, databaseUrl).catch(() => null); // what is wrong with it is said elsewhere
  return primary ? Promise.all(databaseReadUrls.map((url) => checkReplica(deps, { url, primary }))) : [];
}

async function checkReplica(deps: Deps, { url, primary }: { url: string; primary: Look }): Promise<Finding> {
  const name = `The replica at ${placeOf(url)}`;
  try {
    const { identity, isStandby, lag } = await look(deps, url);
    if (identity !== primary.identity) {
      return { area, status: 'error', message: `${name} is of another database.`, advice: 'Mend or remove it in DATABASE_READ_URLS.' };
    }
    const message = isStandby ? `${name} answers; what it replayed last was written ${lag} s ago.` : `${name} is none: it takes writes.`;
    return { area, status: 'ok', message };
  } catch (error) {
    const explained = explainUnusableDatabase(error);
    const reason = explained instanceof Error ? explained.message.split('. ', 1)[0] : String(explained);
    return { area, status: 'warning', message: `${name} is away, the primary answers for it. ${reason}.` };
  }
}

/** What a server says of itself. */
type Look = { readonly identity: string; readonly isStandby: boolean; readonly lag: string };

async function look({ features, openDatabase }: Deps, databaseUrl: string): Promise<Look> {
  const { orm, close } = await openDatabase({ features, databaseUrl, databasePoolMax: 1, dataDir: '' });
  const query = `
    select (select system_identifier from pg_control_system()) || '/' || current_database() as identity, pg_is_in_recovery() as "isStandby",
           coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp())::numeric(12, 1), 0)::text as lag`;
  const [row] = await orm.em.fork().execute<Look[]>(query).finally(close);
  if (!row) throw new Error('no answer');
  return row;
}
