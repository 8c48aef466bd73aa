import { setTimeout } from 'node:timers/promises';
import type { Bed } from '../bed/bed.ts';
import { spreadLastUse } from '../bed/seed.ts';
import { closedLoop, forSeconds } from '../load/closed-loop.ts';
import { residentBytes } from '../measure/cpu-meter.ts';
import { CONNECTIONS, type Cost, measure, type Target, warmUp } from '../measure/measure.ts';
import type { Contestant } from './contestants.ts';

const RUN_UP = 0.5; // seconds, each time

/** A contestant that runs, and what it cost in each round. */
export type Entry = { readonly contestant: Contestant; readonly target: Target; readonly idleBytes: number; readonly costs: Cost[] };

/** Starts contestants, lets them come to rest and warms them up. */
export async function lineUp(bed: Bed, contestants: readonly Contestant[], tick: () => void): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const contestant of contestants) {
    const { url, pid } = await contestant.start(bed);
    const isFirst = entries.every(({ target }) => target.pid !== pid);
    if (isFirst) await setTimeout(1000);
    const target = { url, pid, databasePid: bed.databasePid, shot: contestant.shots(url) };
    entries.push({ contestant, target, idleBytes: isFirst ? residentBytes([pid]) : Number.NaN, costs: [] });
    tick();
  }
  for (const { target } of entries) {
    await warmUp(target);
    tick();
  }
  return entries;
}

/** Measures all once, beginning with another one in each round, so that what disturbs the machine disturbs all alike. */
export async function runRound(bed: Bed, entries: readonly Entry[], round: number, seconds: number, tick: () => void): Promise<void> {
  const first = (round * 3) % entries.length;
  for (const { target, costs } of [...entries.slice(first), ...entries.slice(0, first)]) {
    await closedLoop({ ...target, connections: CONNECTIONS, until: forSeconds(RUN_UP) });
    await spreadLastUse(bed.sql);
    costs.push(await measure(target, { connections: CONNECTIONS, seconds }));
    tick();
  }
}
