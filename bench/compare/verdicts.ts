import type { Cost } from '../measure/measure.ts';
import { median } from '../rank-test.ts';
import type { Entry } from './rounds.ts';
import { costTargets, GROWTH_AT_MOST, IDLE_AT_MOST, LOGINS_AT_LEAST, ownTargets, P99_AT_MOST } from './targets.ts';

/** A line of the table. */
export type Verdict = {
  readonly what: string;
  /** Medians over the rounds, where requests were measured. */
  readonly cost?: Cost;
  /** What was measured, where it is something else. */
  readonly measured?: string;
  /** Ours divided by theirs; of another question to this server, its cost divided by that of `{ hello }`. */
  readonly ratio?: number;
  readonly target?: string;
  /** Undefined: nothing was promised. */
  readonly met?: boolean;
};

/** One figure from each round. */
export type Pairs = { readonly ours: readonly number[]; readonly theirs: readonly number[] };

/** The median of the rounds' ratios: both sides of each were measured within the same minute. */
const ratioOf = ({ ours, theirs }: Pairs): number => median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));

export function costVerdicts(entries: readonly Entry[]): Verdict[] {
  const hello = entries.find(({ contestant }) => contestant.id === 'hello');
  return entries.map(({ contestant: { id, name }, costs }) => {
    const row = { what: name, cost: medianCost(costs) };
    if (!hello || id === 'hello') return row;
    const [one, other] = [hello.costs, costs].map((rounds) => rounds.map(({ cpu }) => cpu));
    if (!one || !other) return row;
    const own = ownTargets[id];
    if (own !== undefined) return { ...row, ...atMost(ratioOf({ ours: other, theirs: one }), own) };
    return { ...row, ...atMost(ratioOf({ ours: one, theirs: other }), costTargets[id]) };
  });
}

export const loginVerdict = (pairs: Pairs): Verdict => {
  const ratio = ratioOf(pairs);
  const measured = `${median(pairs.ours).toFixed(1)}/s against ${median(pairs.theirs).toFixed(1)}/s`;
  return { what: 'logins against bare bcrypt', measured, ratio, target: `≥ ${LOGINS_AT_LEAST}`, met: ratio >= LOGINS_AT_LEAST };
};

export const p99Verdict = (pairs: Pairs): Verdict => ({
  what: 'p99 at 200/s beside logins, against alone',
  measured: `${median(pairs.ours).toFixed(1)} ms against ${median(pairs.theirs).toFixed(1)} ms`,
  ...atMost(ratioOf(pairs), P99_AT_MOST),
});

export const idleVerdict = (bytes: number): Verdict => ({
  what: 'memory before the first request',
  measured: megabytes(bytes),
  target: `≤ ${megabytes(IDLE_AT_MOST)}`,
  met: bytes <= IDLE_AT_MOST,
});

/** @param samples bytes after every 200,000 requests */
export const soakVerdict = (samples: readonly number[]): Verdict => ({
  what: 'memory after 1,000,000 requests, against 200,000',
  measured: samples.map(megabytes).join(', '),
  ...atMost((samples.at(-1) ?? Number.NaN) / (samples[0] ?? Number.NaN), GROWTH_AT_MOST),
});

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const atMost = (ratio: number, limit: number | undefined) =>
  limit === undefined ? { ratio } : { ratio, target: `≤ ${limit}`, met: ratio <= limit };

function medianCost(costs: readonly Cost[]): Cost {
  const of = (key: keyof Cost) => median(costs.map((cost) => cost[key]));
  return {
    serverCpu: of('serverCpu'),
    databaseCpu: of('databaseCpu'),
    cpu: of('cpu'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
  };
}
