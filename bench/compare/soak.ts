import { setTimeout } from 'node:timers/promises';
import type { Bed } from '../bed/bed.ts';
import { closedLoop, forRequests } from '../load/closed-loop.ts';
import { residentBytes } from '../measure/cpu-meter.ts';
import { CONNECTIONS } from '../measure/measure.ts';
import { hello } from './contestants.ts';

/** What the server holds in memory before the first request and after each 200,000 of a million; bytes. */
export async function soak(bed: Bed, tick: () => void): Promise<{ idleBytes: number; samples: number[] }> {
  const { url, pid } = await bed.startServer();
  await setTimeout(2000);
  const idleBytes = residentBytes([pid]);
  const samples: number[] = [];
  const shot = hello()(url);
  for (let part = 0; part < 5; part++) {
    await closedLoop({ url, connections: CONNECTIONS, shot, until: forRequests(200_000) });
    samples.push(residentBytes([pid]));
    tick();
  }
  return { idleBytes, samples };
}
