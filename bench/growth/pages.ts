import type { Bed } from '../bed/bed.ts';
import { prewarm, seedTokens, seedUsers } from '../bed/seed.ts';
import { createShot, type Shot, tokenOf } from '../load/request.ts';
import { type Cost, measure, warmUp } from '../measure/measure.ts';

const query = 'query ($cursor: String) { users(first: 20, after: $cursor) { pageInfo { endCursor hasNextPage } edges { node { id } } } }';
const CONNECTIONS = 16;
const DAY = 86_400;

export type PageStep = { readonly page: number; readonly costs: Cost[] };

type Options = {
  readonly bed: Bed;
  readonly users: number;
  readonly maxPage: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly tick: () => void;
};

/** What page 1, 10, 100 … of the list of all users costs; what the server says when it has no such list. */
export async function turnPages({ bed, users, maxPage, rounds, seconds, tick }: Options): Promise<PageStep[] | string> {
  await seedUsers(bed.sql, users);
  await seedTokens(bed.sql, 1, DAY);
  await bed.sql.query('update users set is_staff = true where id = (select user_id from tokens order by id limit 1)');
  await prewarm(bed.sql, ['users']);
  const { url, pid } = await bed.startServer();
  const cursors = await collectCursors(url, maxPage);
  if (typeof cursors === 'string') return cursors;
  const shotOf = (cursor: string | null): Shot =>
    createShot({ url: `${url}/graphql`, body: { query, variables: { cursor } }, headers: tokenOf(0), expected: '"edges":[{' });
  const targets = cursors.map(({ page, cursor }) => {
    const shot = shotOf(cursor);
    return { page, costs: [], target: { url, pid, databasePid: bed.databasePid, shot: () => shot } };
  });
  const steps: (PageStep & { target: (typeof targets)[number]['target'] })[] = targets;
  const [first] = steps;
  if (first) await warmUp(first.target);
  for (let round = 0; round < rounds; round++) {
    for (const { target, costs } of steps) costs.push(await measure(target, { connections: CONNECTIONS, seconds }));
    tick();
  }
  return steps.map(({ page, costs }) => ({ page, costs }));
}

type Answer = {
  readonly data?: { readonly users: { readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean } } | null };
  readonly errors?: readonly { readonly message: string }[];
};
type Start = { readonly page: number; readonly cursor: string | null };

/** Walks through the list and notes where pages 1, 10, 100 … begin. A text: what the server answered instead of a list. */
async function collectCursors(url: string, maxPage: number): Promise<Start[] | string> {
  const starts: Start[] = [];
  let cursor: string | null = null;
  for (let page = 1; page <= maxPage; page++) {
    if (Number.isInteger(Math.log10(page))) starts.push({ page, cursor });
    const answer: Response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...tokenOf(0) },
      body: JSON.stringify({ query, variables: { cursor } }),
    });
    const { data, errors }: Answer = JSON.parse(await answer.text());
    const list = data?.users;
    if (!list) return errors?.[0]?.message ?? 'no list of users';
    if (!list.pageInfo.hasNextPage) break;
    cursor = list.pageInfo.endCursor;
  }
  return starts;
}
