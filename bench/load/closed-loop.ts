import { type Connection, openConnection } from './connection.ts';
import type { Shot } from './request.ts';

type Load = {
  readonly url: string;
  /** Requests in flight, each on a connection of its own. */
  readonly connections: number;
  /** What to send as the nth request. */
  readonly shot: (n: number) => Shot;
  /** Ends the load; asked before each request. @param n how many were sent @param ms since the start */
  readonly until: (n: number, ms: number) => boolean;
};

/** How many were answered, all of them rightly, and how long that took. */
export type Answered = {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, the longest last. */
  readonly latencies: Float64Array;
};

export const forSeconds = (seconds: number) => (_n: number, ms: number) => ms >= seconds * 1000;
export const forRequests = (requests: number) => (n: number) => n >= requests;

/** Keeps so many requests in flight: each answer brings the next request. @throws Error on the first wrong answer */
export async function closedLoop({ url, connections, shot, until }: Load): Promise<Answered> {
  const latencies: number[] = [];
  const start = performance.now();
  let sent = 0;
  const shoot = async (connection: Connection) => {
    for (let now = performance.now(); !until(sent, now - start); ) {
      await connection.send(shot(sent++));
      const answered = performance.now();
      latencies.push(answered - now);
      now = answered;
    }
  };
  const open = Array.from({ length: connections }, () => openConnection(url));
  try {
    await Promise.all(open.map(shoot));
  } finally {
    for (const connection of open) connection.close();
  }
  return { requests: latencies.length, seconds: (performance.now() - start) / 1000, latencies: Float64Array.from(latencies).sort() };
}
