import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from '../../../src/features.ts';
import { createLog } from '../../../src/observability/log.ts';
import { createSweeper, sweepsOf } from '../../../src/services/sweeper.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { TOKEN_LIMIT: '3' } });
});
afterAll(() => app.close());

const login = async (username: string): Promise<string> =>
  (await app.graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } } })).data.login.token;
const isAlive = async (token: string) => (await app.graphql('{ hello }', { token })).status === 200;
const count = async (username: string) => {
  const [row] = await app.sql('select count(*)::int as n from tokens t join users u on u.id = t.user_id where username = ?', [username]);
  return row?.n;
};

describe('TOKEN_LIMIT', () => {
  it('revokes the longest idle token to make room', async () => {
    const { token: first } = await app.register('limited');
    const second = await login('limited');
    const third = await login('limited');
    await app.sql(
      "update tokens set last_used_at = now() + interval '1 hour' where id = (select min(id) from tokens where user_id = (select id from users where username = 'limited'))",
    );
    const fourth = await login('limited');
    expect(await Promise.all([first, second, third, fourth].map(isAlive))).toEqual([true, false, true, true]);
    expect(await app.sql("select kind, token_name from security_events where kind = 'TOKEN_REVOKED'")).toEqual([
      { kind: 'TOKEN_REVOKED', token_name: 'node' },
    ]);
  });

  it('does not count tokens that have ended', async () => {
    const { id, token: first } = await app.register('tidy');
    const second = await login('tidy');
    await app.sql(`insert into tokens (digest, user_id, name, last_used_at, expires_at)
      select 'ended' || n, ${id}, 'ended', now() + interval '1 hour', now() - interval '1 minute' from generate_series(1, 5) n`);
    const third = await login('tidy');
    expect(await Promise.all([first, second, third].map(isAlive))).toEqual([true, true, true]);
    expect(await app.sql("select 1 from security_events where user_id = ? and kind = 'TOKEN_REVOKED'", [id])).toEqual([]);
    await login('tidy');
    expect(await Promise.all([first, second, third].map(isAlive))).toEqual([false, true, true]);
  });

  it('holds for 20 simultaneous logins, which all succeed', async () => {
    await app.register('crowded');
    const keys = await Promise.all(Array.from({ length: 20 }, () => login('crowded')));
    expect(keys.every(Boolean)).toBe(true);
    expect(await count('crowded')).toBe(3);
  });
});

describe('the sweeper', () => {
  it('deletes tokens a day after they expired, records it, and leaves the others', async () => {
    const { id } = await app.register('swept');
    await app.sql(`insert into tokens (digest, user_id, name, expires_at)
      select 'old' || n, ${id}, 'old', now() - interval '2 days' from generate_series(1, 2500) n`);
    await app.sql(`insert into tokens (digest, user_id, expires_at) values ('fresh', ${id}, now() - interval '1 hour')`);
    const sweeper = createSweeper({ em: app.database.orm.em, log: createLog('silent'), sweeps: sweepsOf(features) });
    await Promise.all([sweeper.sweep(), sweeper.sweep()]);
    await sweeper.stop();
    expect(await count('swept')).toBe(2);
    expect(await app.sql('select count(*)::int as n from security_events where user_id = ? and kind = ?', [id, 'TOKEN_EXPIRED'])).toEqual([
      { n: 2500 },
    ]);
  });
});
