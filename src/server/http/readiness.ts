import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { SqlMikroORM } from '@mikro-orm/sql';
import { isMigrated } from '../../database/migrate.ts';
import { respond } from './respond.ts';

/** Answers a probe. */
export type Readiness = (response: ServerResponse) => Promise<void>;

/** Milliseconds a probe waits; most of them give up after a few seconds themselves. */
const PATIENCE = 2000;

/** 200 when the database answers and is migrated, else 503 without a detail: probes need no token, so all share one look at it. */
export function createReadiness(orm: SqlMikroORM): Readiness {
  let looking: Promise<boolean> | null = null;
  const look = () => {
    looking ??= isMigrated(orm)
      .catch(() => false)
      .finally(() => (looking = null));
    return looking;
  };
  return async (response) => {
    const isReady = await Promise.race([look(), setTimeout(PATIENCE, false, { ref: false })]);
    return isReady ? respond(response, 200, 'ready') : notReady(response);
  };
}

/** Answers 503, so that load balancers pick another node. */
export const notReady = (response: ServerResponse): void => respond(response, 503, 'not ready');
