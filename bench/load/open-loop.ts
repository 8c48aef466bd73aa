import { Agent, request } from 'node:http';
import { atRate } from './at-rate.ts';

type Load = {
  readonly url: string;
  /** Requests a second, sent on time whether earlier ones are answered or not. */
  readonly rate: number;
  readonly seconds: number;
  readonly body: (n: number) => string;
  readonly headers?: Record<string, string>;
};

/** What came of a load: milliseconds from the time each request was due, the longest last, and how many had each status. */
export type Measured = { readonly latencies: number[]; readonly statuses: Record<number, number> };

/** Sends at a fixed rate and counts from when a request was due, so that a server cannot hide a stall by slowing the sender. */
export async function openLoop({ url, rate, seconds, body, headers = {} }: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const pending: Promise<void>[] = [];
  await atRate({ rate, seconds }, (n, dueAt) => {
    pending.push(
      send(agent, url, body(n), headers).then((status) => {
        latencies.push(performance.now() - dueAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
    );
  });
  await Promise.all(pending);
  agent.destroy();
  return { latencies: latencies.sort((a, b) => a - b), statuses };
}

/** Resolves with the status; 0 for a connection that failed. */
function send(agent: Agent, url: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(url, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers },
    });
    outgoing.on('error', () => resolve(0));
    outgoing.on('response', (incoming) => incoming.resume().on('end', () => resolve(incoming.statusCode ?? 0)));
    outgoing.end(body);
  });
}

/** @param share as in 0.99 */
export const percentile = (sorted: ArrayLike<number>, share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
