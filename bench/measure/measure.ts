import { type Answered, closedLoop, forSeconds } from '../load/closed-loop.ts';
import { percentile } from '../load/open-loop.ts';
import type { Shot } from '../load/request.ts';
import { cpuSeconds } from './cpu-meter.ts';

/** What requests cost. CPU in µs per request. */
export type Cost = {
  readonly serverCpu: number;
  readonly databaseCpu: number;
  /** Of both. */
  readonly cpu: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
};

/** Something that answers, and the database it asks. */
export type Target = { readonly url: string; readonly pid: number; readonly databasePid: number; readonly shot: (n: number) => Shot };

/** In flight, unless that is what varies. */
export const CONNECTIONS = 64;

/** For V8 to compile what is hot; it counts calls, not time, so eight seconds are for what is too slow for that. */
export const warmUp = (target: Target) =>
  closedLoop({ ...target, connections: CONNECTIONS, until: (requests, ms) => requests >= 20_000 || ms >= 8000 });

type Options = { readonly connections: number; readonly seconds: number };

/** Loads a server for some seconds and says what that cost. */
export async function measure({ url, pid, databasePid, shot }: Target, { connections, seconds }: Options): Promise<Cost> {
  const before = { server: cpuSeconds([pid]), database: cpuSeconds([databasePid]) };
  const answered = await closedLoop({ url, connections, shot, until: forSeconds(seconds) });
  const perRequest = (used: number) => (used * 1e6) / answered.requests;
  const serverCpu = perRequest(cpuSeconds([pid]) - before.server);
  const databaseCpu = perRequest(cpuSeconds([databasePid]) - before.database);
  return { serverCpu, databaseCpu, cpu: serverCpu + databaseCpu, ...speedOf(answered) };
}

const speedOf = ({ requests, seconds, latencies }: Answered) => ({
  perSecond: requests / seconds,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
});
