import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GOOD_PASSWORD, graphqlClient } from '../support/client/graphql-client.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';
import { record, seconds } from './report.ts';
import { startSite } from './site.ts';

const ABORTS = 500;
const AT_ONCE = 25;

const query = 'mutation ($input: RegisterInput!) { register(input: $input) { token } }';
const busy = `select count(*)::int as n from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'`;

let postgres: BreakablePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

it('clients who hang up: what they began is finished or undone, and no connection stays busy', async () => {
  const site = await startSite(postgres);
  const registerAndLeave = async (username: string) => {
    const body = JSON.stringify({ query, variables: { input: { username, password: GOOD_PASSWORD } } });
    const headers = { 'Content-Type': 'application/json' };
    const signal = AbortSignal.timeout(randomInt(1, 60));
    await fetch(`${site.url}/graphql`, { method: 'POST', headers, body, signal }).catch(() => {});
  };
  for (let n = 0; n < ABORTS; n += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, m) => registerAndLeave(`hasty-${n + m}`)));
  }
  const leftAt = performance.now();
  await until(async () => (await site.sql(busy))[0]?.n === 0);
  const quietAfter = performance.now() - leftAt;
  const halves = await site.sql('select username from users u where not exists (select from tokens where user_id = u.id)');
  const [{ n: there } = {}] = await site.sql('select count(*)::int as n from users');
  await graphqlClient(site.url).register('patient');
  record({
    fault: `${ABORTS} clients hang up in mid-register`,
    expected: 'no account without its token; no connection busy within 10 s',
    measured: `${there} accounts, ${halves.length} halves; none busy after ${seconds(quietAfter)}`,
  });
  expect(halves).toEqual([]);
  expect(await site.stop()).toBe(0);
});
