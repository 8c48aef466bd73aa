import type { Bed } from '../bed/bed.ts';
import { seedTokens, seedUsers } from '../bed/seed.ts';
import { hello, TOKENS } from '../compare/contestants.ts';
import { type Cost, measure, warmUp } from '../measure/measure.ts';

export type FlightStep = { readonly inFlight: number; readonly costs: Cost[] };

type Options = { readonly bed: Bed; readonly rounds: number; readonly seconds: number; readonly tick: () => void };

const levels = [1, 3, 10, 30, 100, 300, 1000];

/** What a request costs while so many others are under way. */
export async function crowd({ bed, rounds, seconds, tick }: Options): Promise<FlightStep[]> {
  await seedUsers(bed.sql, TOKENS);
  await seedTokens(bed.sql, TOKENS);
  const { url, pid } = await bed.startServer();
  const target = { url, pid, databasePid: bed.databasePid, shot: hello()(url) };
  await warmUp(target);
  const steps: FlightStep[] = levels.map((inFlight) => ({ inFlight, costs: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { inFlight, costs } of steps) costs.push(await measure(target, { connections: inFlight, seconds }));
    tick();
  }
  return steps;
}
