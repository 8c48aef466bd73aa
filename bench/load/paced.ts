import { atRate } from './at-rate.ts';
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
  const waiting: Due[] = [];
  const failures: unknown[] = [];
  const end = performance.now() + seconds * 1000;
  let due = 0;
  const sendNext = () => {
    const connection = waiting.length > 0 ? free.pop() : undefined;
    const next = connection && waiting.shift();
    if (!next) return;
    const done = () => {
      const now = performance.now();
      if (now > end) return;
      latencies.push(now - next.dueAt);
      free.push(connection);
      sendNext();
    };
    connection.send(shot(next.n)).then(done, (error: unknown) => failures.push(error));
  };
  await atRate({ rate, seconds, isOver: () => failures.length > 0 }, (n, dueAt) => {
    due++;
    waiting.push({ n, dueAt });
    sendNext();
  });
  const [failure] = failures;
  for (const connection of all) connection.close();
  if (failure) throw failure;
  return { due, answered: latencies.length, latencies: Float64Array.from(latencies).sort() };
}

type Due = { readonly n: number; readonly dueAt: number };
