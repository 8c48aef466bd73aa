import type { Bed } from '../bed/bed.ts';
import { seedTokens, seedUsers } from '../bed/seed.ts';
import { hello, TOKENS } from '../compare/contestants.ts';
import { percentile } from '../load/open-loop.ts';
import { paced } from '../load/paced.ts';
import { CONNECTIONS, measure, warmUp } from '../measure/measure.ts';

/** @param load what was asked for, divided by what the server can @param p99 milliseconds, waiting for a connection included */
export type LoadStep = { readonly load: number; readonly offered: number; readonly answered: number[]; readonly p99: number[] };

type Options = { readonly bed: Bed; readonly rounds: number; readonly seconds: number; readonly tick: () => void };

const loads = [0.5, 0.75, 1, 1.5, 2, 3];
const CLIENTS = 1000; // connections

/** How many requests a second are answered when more and more are asked for. */
export async function overload({ bed, rounds, seconds, tick }: Options): Promise<LoadStep[]> {
  await seedUsers(bed.sql, TOKENS);
  await seedTokens(bed.sql, TOKENS);
  const { url, pid } = await bed.startServer();
  const shot = hello()(url);
  const target = { url, pid, databasePid: bed.databasePid, shot };
  await warmUp(target);
  const { perSecond } = await measure(target, { connections: CONNECTIONS, seconds });
  const steps: LoadStep[] = loads.map((load) => ({ load, offered: load * perSecond, answered: [], p99: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { offered, answered, p99 } of steps) {
      const result = await paced({ url, rate: offered, seconds, connections: CLIENTS, shot });
      answered.push(result.answered / seconds);
      p99.push(percentile(result.latencies, 0.99));
    }
    tick();
  }
  return steps;
}
