import { setTimeout } from 'node:timers/promises';
import { startServerProcess } from '../../support/app/server-process.ts';
import { gather, untilBusy } from '../crowd.ts';
import type { Site } from '../site.ts';

type Options = {
  readonly site: Site;
  readonly clients: number;
  /** Whether everybody stays away from a server that says it is not ready, as behind a load balancer. */
  readonly balanced: boolean;
};

export type Stopped = {
  readonly code: number | null;
  /** Milliseconds from the signal until `/readyz` said 503, and until the process was gone. */
  readonly announced: number;
  readonly gone: number;
  /** Right answers after the signal. */
  readonly right: number;
  /** Why requests had no answer, or not the right one. */
  readonly failures: readonly string[];
  /** Requests that the server took, by its log, and did not answer. Needs LOG_LEVEL=info. */
  readonly dropped: number;
  /** Acknowledged things that the next server does not know of. */
  readonly missing: readonly string[];
};

/** Sends two SIGTERMs under load. The next server gets the same port, so that the crowd can audit it. */
export async function stopUnderLoad({ site, clients, balanced }: Options): Promise<Stopped> {
  const crowd = await gather({ url: site.url, clients });
  await untilBusy(crowd, clients * 3);
  const signalledAt = performance.now();
  const ended = site.stop('SIGTERM').then((code) => ({ code, gone: performance.now() - signalledAt }));
  let announced = Number.NaN;
  while ((await readyz(site.url)) === 200) await setTimeout(20);
  announced = performance.now() - signalledAt;
  process.kill(site.pid, 'SIGTERM');
  if (balanced) await crowd.stop();
  const { code, gone } = await ended;
  await crowd.stop();
  const failures = crowd.answers.filter(({ outcome }) => outcome !== 'right').map(({ outcome, detail }) => `${outcome} ${detail}`.trim());
  const right = crowd.count('right', signalledAt);
  const answered = crowd.answers.length - crowd.count('unanswered') + clients; // who registered first, uncounted
  const next = await startServerProcess({ ...site.env, PORT: new URL(site.url).port });
  const missing = await crowd.audit();
  await next.stop();
  const dropped = site.output().split('"msg":"operation"').length - 1 - answered;
  return { code, announced, gone, right, failures, dropped, missing };
}

const readyz = async (url: string): Promise<number> => (await fetch(`${url}/readyz`).catch(() => ({ status: 0 }))).status;
