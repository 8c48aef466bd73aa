import { setTimeout } from 'node:timers/promises';
import { type Crowd, gather, untilBusy } from '../crowd.ts';
import type { Site } from '../site.ts';

type Load = {
  readonly site: Pick<Site, 'url' | 'sql'>;
  readonly clients: number;
  /** What happens to the database meanwhile; resolves when it is well again. */
  readonly fault: () => Promise<void>;
  /** Milliseconds to go on for, afterwards. */
  readonly afterwards: number;
};

/** What a crowd saw of a fault. */
export type Sighting = {
  readonly crowd: Crowd;
  /** Answers while the fault lasted and after. */
  readonly right: number;
  readonly unavailable: number;
  /** Milliseconds of the longest request. */
  readonly longest: number;
  /** Milliseconds from the end of the fault to the last answer that was not right. */
  readonly recovery: number;
  /** Wrong answers, requests without one, acknowledged things that are missing, half registrations. None, it is hoped. */
  readonly faults: readonly string[];
};

/** Lets a crowd work through a fault, and audits it. */
export async function throughFault({ site, clients, fault, afterwards }: Load): Promise<Sighting> {
  const crowd = await gather({ url: site.url, clients });
  await untilBusy(crowd, clients * 3);
  const brokeAt = performance.now();
  await fault();
  const wellAt = performance.now();
  await setTimeout(afterwards);
  await crowd.stop();
  const seen = {
    crowd,
    right: crowd.count('right', brokeAt),
    unavailable: crowd.count('unavailable', brokeAt),
    longest: Math.max(...crowd.answers.map(({ took }) => took)),
    recovery: crowd.lastFailure(wellAt) - wellAt,
  };
  const missing = await crowd.audit();
  return { ...seen, faults: [...crowd.wrong(), ...unanswered(crowd), ...missing, ...(await halfRegistrations(site, crowd))] };
}

const unanswered = ({ answers }: Crowd): string[] =>
  answers.filter(({ outcome }) => outcome === 'unanswered').map(({ operation, detail }) => `${operation} was not answered: ${detail}`);

/** People without the token they were to get. */
async function halfRegistrations({ sql }: Pick<Site, 'sql'>, { unsureNames }: Crowd): Promise<string[]> {
  const rows = await sql('select username from users u where username = any($1) and not exists (select from tokens where user_id = u.id)', [
    unsureNames(),
  ]);
  return rows.map(({ username }) => `${username} has no token`);
}
