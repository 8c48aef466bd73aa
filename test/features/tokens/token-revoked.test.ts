import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { subscribe } from '../../support/client/subscription.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const WATCH = 'subscription { tokenRevoked { tokenId reason } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = async (username: string): Promise<string> =>
  (await app.graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } } })).data.login.token;

/** Waits for the end of a stream, and how long that took. */
async function timed(ended: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await ended;
  return performance.now() - started;
}

describe('subscription tokenRevoked', () => {
  it('tells every subscriber of a token within a second that it was revoked, and completes; others stay open', async () => {
    const { token } = await app.register('ann');
    const other = await login('ann');
    const [one, two, keeper] = await Promise.all([
      subscribe(app.url, WATCH, other),
      subscribe(app.url, WATCH, other),
      subscribe(app.url, WATCH, token),
    ]);
    await app.graphql('mutation { revokeAllTokens { revoked } }', { token });
    expect(await timed(Promise.all([one.ended, two.ended]))).toBeLessThan(1000);
    for (const { received } of [one, two]) expect(received()).toMatch(/"tokenRevoked":\{"tokenId":"\d+","reason":"REVOKED"\}/);
    expect(keeper.received()).not.toContain('tokenRevoked');
    keeper.leave();
    await keeper.ended;
  });

  const ends = [
    {
      what: 'expires',
      reason: 'EXPIRED',
      sql: "update tokens set slides = false, expires_at = now() + interval '500 milliseconds' where user_id = ?",
    },
    { what: 'is deleted by hand', reason: 'REVOKED', sql: 'delete from tokens where user_id = ?' },
    { what: 'goes with its account', reason: 'REVOKED', sql: 'delete from users where id = ?' },
    { what: 'belongs to an account that is deactivated', reason: 'INACTIVE', sql: 'update users set is_active = false where id = ?' },
  ];
  it.each(ends)('reports a token that $what', async ({ reason, sql, what }) => {
    const { id, token } = await app.register(what.replaceAll(' ', '-'));
    if (reason === 'EXPIRED') await app.sql(sql, [id]); // before: the clock ends it, no notification does
    const subscription = await subscribe(app.url, WATCH, token);
    if (reason !== 'EXPIRED') await app.sql(sql, [id]);
    expect(await timed(subscription.ended)).toBeLessThan(1500);
    expect(subscription.received()).toContain(`"reason":"${reason}"`);
  });

  it('refuses a stranger before anything is subscribed', async () => {
    const reply = await app.graphql(WATCH);
    expect(reply.status).toBe(401);
    expect(reply.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'MISSING' } }]);
  });

  it('does not keep the server from stopping, which breaks it off, so that clients subscribe again', async () => {
    const stopping = await createTestApp();
    const { token } = await stopping.register('stopping');
    const subscription = await subscribe(stopping.url, WATCH, token);
    await stopping.close();
    expect(await subscription.ended).toBe('broken');
    expect(subscription.received()).not.toMatch(/tokenRevoked|complete/);
  });
});
