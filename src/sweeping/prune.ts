import type { EntityManager } from '@mikro-orm/sql';
import { BATCH, type SweepKind, sweepBatchInTurn, sweeps } from './sweep.ts';

/** How many rows of each kind. */
export type Pruned = Readonly<Record<SweepKind, number>>;

/** Deletes all that is past its time, in small transactions, taking turns with the servers that do the same. */
export async function prune(em: EntityManager, onDeleted: (count: number) => void): Promise<Pruned> {
  const sweepOut = async (kind: SweepKind): Promise<number> => {
    let total = 0;
    for (let count = BATCH; count === BATCH; total += count) {
      count = await sweepBatchInTurn(em, sweeps[kind]);
      onDeleted(count);
    }
    return total;
  };
  return {
    tokens: await sweepOut('tokens'),
    links: await sweepOut('links'),
    mails: await sweepOut('mails'),
    attempts: await sweepOut('attempts'),
    places: await sweepOut('places'),
  };
}
