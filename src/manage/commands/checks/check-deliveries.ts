import type { SqlMikroORM } from '@mikro-orm/sql';
import { Delivery } from '../../../features/events/delivery.ts';
import type { Finding } from './finding.ts';

const area = 'events';
const advice =
  'The log says why. Once that is mended: update deliveries set happened_at = now(), attempts = 0, next_attempt_at = now() where next_attempt_at is null';

/** Events that were not delivered within three days. A database that is not migrated yet has none. */
export async function checkDeliveries({ em }: SqlMikroORM): Promise<Finding[]> {
  const fork = em.fork();
  const [table] = await fork.execute(`select to_regclass('deliveries') is not null as "isThere"`);
  if (!table?.isThere) return [];
  const stuck = await fork.getRepository(Delivery).findStuck();
  if (stuck.length === 0) return [{ area, status: 'ok', message: 'No delivery was given up.' }];
  return stuck.map(({ type, listener, count, since }) => {
    const message = `${count} deliveries of ${type} to ${listener} will not be tried again; the oldest is of ${since}.`;
    return { area, status: 'warning', message, advice };
  });
}
