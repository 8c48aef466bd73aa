import type { Bed } from '../bed/bed.ts';
import { prewarm, seedTokens, seedUsers } from '../bed/seed.ts';
import { helloShot, tokenOf } from '../load/request.ts';
import { CONNECTIONS, type Cost, measure, type Target, warmUp } from '../measure/measure.ts';

const LEAST = 1000; // tokens, and users
const MOST_USERS = 1_000_000;
const DAY = 86_400;

/** What a request costs with so many tokens, and what it cost in the same minutes with 1,000; one entry a round. */
export type TokenStep = { readonly tokens: number; readonly costs: Cost[]; readonly baseline: Cost[] };

type Options = { readonly bed: Bed; readonly max: number; readonly rounds: number; readonly seconds: number; readonly tick: () => void };

/** How many steps `growTokens` takes. */
export const tokenSteps = (max: number): number => Math.floor(Math.log10(max / LEAST) + 1e-9);

/**
 * Measures with ten times as many tokens in each step, in turns with a database that keeps its 1,000. Any token is as likely as any
 * other to be used next, which is the worst case for the caches. One user has ten tokens, until there are a million users.
 */
export async function growTokens({ bed, max, rounds, seconds, tick }: Options): Promise<TokenStep[]> {
  await grow(bed, LEAST);
  await bed.sql.query('create database baseline template postgres');
  const baselineUrl = Object.assign(new URL(bed.databaseUrl), { pathname: '/baseline' }).href;
  const small = await bed.startServer({ DATABASE_URL: baselineUrl });
  const large = await bed.startServer();
  const targetOf = ({ url, pid }: { url: string; pid: number }, tokens: number): Target => ({
    url,
    pid,
    databasePid: bed.databasePid,
    shot: () => helloShot(url, tokenOf(Math.floor(Math.random() * tokens))),
  });
  const baselineTarget = targetOf(small, LEAST);
  const steps: TokenStep[] = [];
  for (let tokens = LEAST * 10; tokens <= max; tokens *= 10) {
    await grow(bed, tokens);
    const step: TokenStep = { tokens, costs: [], baseline: [] };
    const sides = [
      { target: targetOf(large, tokens), costs: step.costs },
      { target: baselineTarget, costs: step.baseline },
    ];
    for (const { target } of sides) await warmUp(target);
    for (let round = 0; round < rounds; round++) {
      for (const { target, costs } of sides) costs.push(await measure(target, { connections: CONNECTIONS, seconds }));
    }
    steps.push(step);
    tick();
  }
  return steps;
}

async function grow({ sql }: Bed, tokens: number): Promise<void> {
  await seedUsers(sql, Math.max(LEAST, Math.min(tokens / 10, MOST_USERS)));
  await seedTokens(sql, tokens, DAY);
  await prewarm(sql, ['tokens', 'users']);
}
