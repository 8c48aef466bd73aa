import type { ServerResponse } from 'node:http';
import type { SqlMikroORM } from '@mikro-orm/sql';
import { isMigrated } from '../database/migrate.ts';
import { respond } from './respond.ts';

/** 200 when the database answers and is migrated, else 503 without a detail: probes are open to everybody. */
export async function readiness(orm: SqlMikroORM, response: ServerResponse): Promise<void> {
  const ready = await isMigrated(orm).catch(() => false);
  return ready ? respond(response, 200, 'ready') : respond(response, 503, 'not ready');
}
