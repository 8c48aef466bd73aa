import { setTimeout } from 'node:timers/promises';
import { openConnection } from './connection.ts';
import type { Shot } from './request.ts';

type Load = {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Connections at most; what finds none free waits for one, as in a client's pool. */
  readonly connections: number;
  readonly shot: (n: number) => Shot;
};

/** @param latencies milliseconds from when a request was due, of those answered in time, the longest last */
export type Paced = { readonly due: number; readonly answered: number; readonly latencies: Float64Array };

/**
 * Sends at a fixed rate, however slow the answers are, and counts the right answers that came while it did. For rates where one client per
 * request, as in `openLoop`, would be busier than the server.
 */
export async function paced({ url, rate, seconds, connections, shot }: Load): Promise<Paced> {
  const free = Array.from({ length: connections }, () => openConnection(url));
  const all = [...free];
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const failures: unknown[] = [];
  let [due, sent] = [0, 0];
  const sendNext = () => {
    const connection = sent < due ? free.pop() : undefined;
    if (!connection) return false;
    const dueAt = start + (sent * 1000) / rate;
    const done = () => {
      const now = performance.now();
      if (now > end) return;
      latencies.push(now - dueAt);
      free.push(connection);
      sendNext();
    };
    connection.send(shot(sent++)).then(done, (error: unknown) => failures.push(error));
    return true;
  };
  for (let now = start; now < end && failures.length === 0; now = performance.now()) {
    due = Math.floor(((now - start) * rate) / 1000);
    while (sendNext());
    await setTimeout(1);
  }
  const [failure] = failures;
  for (const connection of all) connection.close();
  if (failure) throw failure;
  return { due, answered: latencies.length, latencies: Float64Array.from(latencies).sort() };
}
