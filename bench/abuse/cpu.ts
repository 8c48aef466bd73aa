import { cpuSeconds } from '../measure/cpu-meter.ts';
import { median } from '../rank-test.ts';
import type { Shape } from './shapes.ts';

/** @param status of the answers @param milliseconds of CPU that the server used for one request, round by round */
export type Cost = { readonly name: string; readonly status: number; readonly milliseconds: readonly number[] };

type Target = { readonly url: string; readonly pid: number; readonly headers: Record<string, string> };
type Options = { readonly target: Target; readonly rounds: number; readonly requests: number };

const ENOUGH = 1; // second of CPU in a round, for bodies that cost a good deal more than they may

/** What a request of this shape costs the server in CPU, the database left out. One after another, so that nothing overlaps. */
export async function costOf({ name, body }: Shape, { target, rounds, requests }: Options): Promise<Cost> {
  let sent = 0;
  const send = () => post(target, body(sent++));
  const status = await send(); // warms up
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round++) milliseconds.push(await costOfOne(send, target.pid, requests));
  return { name, status, milliseconds };
}

async function costOfOne(send: () => Promise<number>, pid: number, requests: number): Promise<number> {
  const before = cpuSeconds([pid]);
  for (let n = 1; ; n++) {
    await send();
    const seconds = cpuSeconds([pid]) - before;
    if (n === requests || seconds > ENOUGH) return (seconds * 1000) / n;
  }
}

export const medianOf = ({ milliseconds }: Cost): number => median(milliseconds);

/** @throws Error where bytes from outside count as a fault of the server */
async function post({ url, headers }: Target, body: string): Promise<number> {
  const standard = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...standard, ...headers }, body });
  const text = await response.text();
  if (response.status >= 500) throw new Error(`${response.status} for ${body.slice(0, 100)}: ${text}`);
  return response.status;
}
