import { lineChart } from '../charts/line-chart.ts';
import { writeResult } from '../machine.ts';
import type { Cost } from '../measure/measure.ts';
import { median } from '../rank-test.ts';
import type { FlightStep } from './in-flight.ts';
import type { LoadStep } from './overload.ts';
import type { PageStep } from './pages.ts';
import type { TokenStep } from './tokens.ts';

/** A million times as many tokens may cost so many times as much. */
const TOKENS_AT_MOST = 1.2;
/** Of the most that was answered, at the highest load. */
const OVERLOAD_AT_LEAST = 0.9;

export const print = (text: string) => process.stdout.write(`${text}\n`);
const of = (costs: readonly Cost[], key: keyof Cost) => median(costs.map((cost) => cost[key]));
const describe = (costs: readonly Cost[]) =>
  `${of(costs, 'cpu').toFixed(0)} µs (server ${of(costs, 'serverCpu').toFixed(0)}, database ${of(costs, 'databaseCpu').toFixed(0)}), ${of(costs, 'perSecond').toFixed(0)} req/s, p99 ${of(costs, 'p99').toFixed(1)} ms`;

const pointsOf = <Step extends { costs: readonly Cost[] }>(steps: readonly Step[], x: (step: Step) => number, key: keyof Cost) =>
  steps.map((step) => [x(step), of(step.costs, key)] as const);

/** Medians of the ratios within each round. */
const ratioOf = ({ costs, baseline }: TokenStep): number =>
  median(costs.map(({ cpu }, round) => cpu / (baseline[round]?.cpu ?? Number.NaN)));

export function reportTokens(steps: readonly TokenStep[]): void {
  print('\nTokens in the database: CPU per request');
  for (const step of steps) {
    print(`  ${step.tokens.toLocaleString('en').padStart(10)}  ${describe(step.costs)}; ${ratioOf(step).toFixed(2)} × that of 1,000`);
  }
  const last = steps.at(-1);
  if (last) print(`  target ≤ ${TOKENS_AT_MOST} ×: ${ratioOf(last) <= TOKENS_AT_MOST ? 'met' : 'NOT met'}`);
  const [first] = steps;
  const all = first ? [{ tokens: 1000, costs: first.baseline }, ...steps] : [];
  const points = (key: keyof Cost) => pointsOf(all, ({ tokens }) => tokens, key);
  const series = [
    { name: 'server and database', points: points('cpu') },
    { name: 'database alone', points: points('databaseCpu') },
  ];
  const titles = { title: 'Cost of a request by number of tokens', xTitle: 'tokens', yTitle: 'CPU, µs per request' };
  writeResult('growth-tokens.svg', lineChart({ ...titles, series, logarithmic: true }));
}

export function reportPages(steps: readonly PageStep[]): void {
  print('\nPages of users, 20 on each: CPU per request');
  for (const { page, costs } of steps) print(`  ${page.toLocaleString('en').padStart(10)}  ${describe(costs)}`);
  const series = [{ name: 'server and database', points: pointsOf(steps, ({ page }) => page, 'cpu') }];
  const titles = { title: 'Cost of a page of users by its depth', xTitle: 'page, 20 users each', yTitle: 'CPU, µs per page' };
  writeResult('growth-pages.svg', lineChart({ ...titles, series, logarithmic: true }));
}

export function reportCrowd(steps: readonly FlightStep[]): void {
  print('\nRequests in flight: CPU per request');
  for (const { inFlight, costs } of steps) print(`  ${String(inFlight).padStart(10)}  ${describe(costs)}`);
  const series = [{ name: 'server and database', points: pointsOf(steps, ({ inFlight }) => inFlight, 'cpu') }];
  const titles = { title: 'Cost of a request by requests in flight', xTitle: 'requests in flight', yTitle: 'CPU, µs per request' };
  writeResult('growth-in-flight.svg', lineChart({ ...titles, series, logarithmic: true }));
}

export function reportOverload(steps: readonly LoadStep[]): void {
  print('\nLoad: requests a second asked for and answered');
  for (const { load, offered, answered, p99 } of steps) {
    print(
      `  ${`${load} ×`.padStart(10)}  ${offered.toFixed(0)} asked for, ${median(answered).toFixed(0)} answered, p99 ${median(p99).toFixed(1)} ms`,
    );
  }
  const most = Math.max(...steps.map(({ answered }) => median(answered)));
  const last = median(steps.at(-1)?.answered ?? []) / most;
  print(
    `  at the highest load ${last.toFixed(2)} of the most; target ≥ ${OVERLOAD_AT_LEAST}: ${last >= OVERLOAD_AT_LEAST ? 'met' : 'NOT met'}`,
  );
  const series = [
    { name: 'answered', points: steps.map(({ load, answered }) => [load, median(answered)] as const), figures: 'below' as const },
    { name: 'asked for', points: steps.map(({ load, offered }) => [load, offered] as const) },
  ];
  const titles = { title: 'Answers under overload', xTitle: 'load, as a multiple of what the server can', yTitle: 'requests a second' };
  writeResult('growth-overload.svg', lineChart({ ...titles, series }));
}
