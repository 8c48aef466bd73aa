import { median } from '../rank-test.ts';
import { type Cost, medianOf } from './cpu.ts';
import type { Arrival } from './person.ts';

/** Milliseconds of CPU that any body may cost. */
const CPU_AT_MOST = 20;
/** Of the logins from elsewhere. */
const IN_AT_LEAST = 0.95;
/** Seconds until all of them are in. */
const OFFICE_AT_MOST = 30;

const print = (text: string) => process.stdout.write(`${text}\n`);
const verdict = (isMet: boolean) => (isMet ? 'met' : 'NOT met');
const shareOf = (arrivals: readonly Arrival[]) => arrivals.filter(({ isIn }) => isIn).length / arrivals.length;
const lastOf = (arrivals: readonly Arrival[]) => Math.max(...arrivals.map(({ seconds }) => seconds));

export function reportShapes(costs: readonly Cost[]): void {
  print('\nA body of about 100 kB: status, CPU ms of the server');
  for (const cost of costs.toSorted((a, b) => medianOf(b) - medianOf(a))) {
    print(`  ${cost.name.padEnd(56)}${cost.status}  ${medianOf(cost).toFixed(1).padStart(7)}`);
  }
  const dear = costs.filter((cost) => medianOf(cost) >= CPU_AT_MOST);
  print(`  target < ${CPU_AT_MOST} ms each: ${verdict(dear.length === 0)}; ${dear.length} of ${costs.length} cost more`);
}

export function reportFlood(arrivals: readonly Arrival[]): void {
  const waits = arrivals.filter(({ isIn }) => isIn).map(({ seconds }) => seconds);
  const share = shareOf(arrivals);
  print('\nLogins from elsewhere while six accounts of one address flood createToken');
  print(
    `  ${waits.length} of ${arrivals.length} got in, after ${median(waits).toFixed(2)} s in the median, ${lastOf(arrivals).toFixed(2)} s at most`,
  );
  print(`  target ≥ ${IN_AT_LEAST * 100} %: ${verdict(share >= IN_AT_LEAST)}`);
}

export function reportOffice(arrivals: readonly Arrival[]): void {
  const isMet = shareOf(arrivals) === 1 && lastOf(arrivals) <= OFFICE_AT_MOST;
  print('\nAn office of people who log in at once behind one address, and heed retryAfter');
  print(
    `  ${arrivals.filter(({ isIn }) => isIn).length} of ${arrivals.length} got in, the last one after ${lastOf(arrivals).toFixed(1)} s`,
  );
  print(`  target: all within ${OFFICE_AT_MOST} s: ${verdict(isMet)}`);
}
