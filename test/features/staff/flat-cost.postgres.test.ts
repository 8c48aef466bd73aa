import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Place, type UserOrder, userOrders } from '../../../src/features/users/user-order.ts';
import { type UserPage, userPage } from '../../../src/features/users/user-page.ts';
import { MAX_MATCHES, userSearch } from '../../../src/features/users/user-search.ts';
import { runSql } from '../../faults/site.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';

const USERS = 20_000;
const LIMIT = 101; // a page of the largest size, and one row to see whether more follow

// Of each kind the one half follows the other: whoever reads a list from its beginning and leaves out reads half of everything.
const people = `
  insert into users (username, email, first_name, last_name, password_hash, is_active, is_staff, date_joined, last_login)
  select 'user' || n, 'mail' || n || '@example.com', 'Ada', 'Byron', '!', n > ${USERS / 2}, n > ${USERS - 200},
         timestamptz '2020-01-01' + n * interval '1 minute', case when n % 2 = 0 then timestamptz '2026-01-01' + n * interval '1 second' end
    from generate_series(1, ${USERS}) n`;

let on: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  on = await createTestDatabase();
  await runSql(on.env.DATABASE_URL ?? '', people); // not through the server, which would give it DATABASE_TIMEOUT
  await runSql(on.env.DATABASE_URL ?? '', 'analyze users');
  app = await createTestApp({ on });
});
afterAll(async () => {
  await app.close();
  await on.drop();
});

type Plan = {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** What PostgreSQL does for a query: the kinds of its steps, and how many rows it fetches from the table. */
async function explain(query: ReturnType<typeof userSearch> | ReturnType<typeof userPage>) {
  const { rows } = await sql<{ 'QUERY PLAN': { Plan: Plan }[] }>`explain (analyze, format json) ${query}`.execute(
    app.database.orm.em.fork().getKysely(),
  );
  const nodes = rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => nodesOf(Plan));
  const scans = nodes.filter((node) => / Scan$/.test(node['Node Type']) && !/Subquery|CTE|Bitmap Index/.test(node['Node Type']));
  const read = scans.map((node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']);
  return { kinds: new Set(nodes.map((node) => node['Node Type'])), read: read.reduce((sum, count) => sum + count, 0) };
}

const wish: Omit<UserPage, 'order'> = { after: null, limit: LIMIT, isActive: null, isStaff: null, among: null };
const columns = ['id', 'username', 'email'];
const depths = [0, 0.5, 0.99];
const filters = [{}, { isActive: false }, { isActive: true }, { isStaff: true }, { isStaff: false }, { isActive: true, isStaff: true }];

/** Somebody’s place in an order, as the page that ends with them says it. */
async function placeAt(order: UserOrder, depth: number): Promise<Place | null> {
  if (depth === 0) return null;
  const page = userPage({ ...wish, order, limit: USERS * depth }, columns);
  const { rows } = await page.execute(app.database.orm.em.fork().getKysely());
  const last = rows.at(-1);
  return { key: String(last?.key), id: String(last?.id) };
}

describe.each(Object.keys(userOrders).filter((order): order is UserOrder => order in userOrders))('a page by %s', (order) => {
  it('costs the same wherever it lies and whatever it filters out: index scans read at most four times what it shows', async () => {
    for (const after of await Promise.all(depths.map((depth) => placeAt(order, depth)))) {
      for (const filter of filters) {
        const { kinds, read } = await explain(userPage({ ...wish, order, after, ...filter }, columns));
        expect([...kinds].filter((kind) => /Seq Scan|Sort|Bitmap/.test(kind))).toEqual([]);
        expect(kinds).toContain('Index Scan');
        expect(read).toBeLessThanOrEqual(4 * LIMIT);
      }
    }
  });
});

describe('a search', () => {
  it.each(['user1999', 'mail1', 'ada byron', 'a', 'u'])('for %s reads no more than it can put in order', async (text) => {
    const { kinds, read } = await explain(userSearch(text));
    expect([...kinds].filter((kind) => /Seq Scan|Sort/.test(kind))).toEqual([]);
    expect(read).toBeLessThanOrEqual(4 * (MAX_MATCHES + 1));
  });

  it('costs no more when a page of its results is read', async () => {
    const among = Array.from({ length: USERS / 40 }, (_, n) => n + 1); // of so few users PostgreSQL before 17 reads all, to find a quarter
    const { read } = await explain(userPage({ ...wish, order: 'USERNAME_DESC', among }, columns));
    expect(read).toBeLessThanOrEqual(among.length);
  });
});
