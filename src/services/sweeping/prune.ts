import type { EntityManager } from '@mikro-orm/sql';
import type { Sweep } from '../../shared/feature.ts';
import { BATCH, type Sweeps, sweepBatchInTurn } from './sweep.ts';

/** How many rows of each kind. */
export type Pruned = Readonly<Record<string, number>>;

/** Deletes all that is past its time, in small transactions, taking turns with the servers that do the same. */
export async function prune(em: EntityManager, sweeps: Sweeps, onDeleted: (count: number) => void): Promise<Pruned> {
  const sweepOut = async (sweep: Sweep): Promise<number> => {
    let total = 0;
    for (let count = BATCH; count === BATCH; total += count) {
      count = await sweepBatchInTurn(em, sweep);
      onDeleted(count);
    }
    return total;
  };
  const pruned: Record<string, number> = {};
  for (const [name, sweep] of Object.entries(sweeps)) pruned[name] = await sweepOut(sweep);
  return pruned;
}
