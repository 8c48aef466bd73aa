import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) {
  status { code message } errors { field code } token created { id name expiresAt current }
} }`;

const env = { TOKEN_TTL: '30d', TOKEN_MAX_AGE: '60d' };
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env });
});
afterAll(() => app.close());

const rowOf = async (username: string) => {
  const [row] = await app.sql(
    `select t.id::text, round(extract(epoch from expires_at - now()) / 86400)::int as days, last_used_at is null as unused
       from tokens t join users u on u.id = t.user_id where username = ? order by t.id desc`,
    [username],
  );
  return row;
};
const hello = async (token: string) => (await app.graphql('{ hello }', { token })).errors[0]?.extensions.reason ?? 'answered';

describe('the life of a token', () => {
  it('lasts TOKEN_TTL from its issue', async () => {
    await app.register('issued');
    expect(await rowOf('issued')).toMatchObject({ days: 30, unused: true });
  });

  it('is extended by use, in the background', async () => {
    const { token } = await app.register('sliding');
    await app.sql(
      "update tokens set expires_at = now() + interval '1 day' where user_id = (select id from users where username = 'sliding')",
    );
    expect(await hello(token)).toBe('answered');
    await until(async () => (await rowOf('sliding'))?.days === 30);
    expect(await rowOf('sliding')).toMatchObject({ unused: false });
  });

  it('never exceeds TOKEN_MAX_AGE, however busy it is', async () => {
    const { token } = await app.register('old');
    await app.sql(
      "update tokens set created_at = now() - interval '50 days' where user_id = (select id from users where username = 'old')",
    );
    expect(await hello(token)).toBe('answered');
    await until(async () => (await rowOf('old'))?.days === 10);
  });

  it('ends by the database’s clock: the token is refused as EXPIRED', async () => {
    const { token } = await app.register('expired');
    await app.sql(
      "update tokens set expires_at = now() - interval '1 second' where user_id = (select id from users where username = 'expired')",
    );
    const { status, errors } = await app.graphql('{ hello }', { token });
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ message: 'Invalid token.', extensions: { code: 'UNAUTHENTICATED', reason: 'EXPIRED' } }]);
  });

  it('chosen with createToken is kept: use does not put it off', async () => {
    const { token } = await app.register('chosen');
    const expiresAt = new Date(Date.now() + 5 * 86_400_000).toISOString();
    const input = { name: 'backup script', password: GOOD_PASSWORD, expiresAt };
    const { data } = await app.graphql(CREATE, { token, variables: { input } });
    expect(data.createToken).toMatchObject({
      status: { code: '200 OK', message: 'Token created' },
      created: { name: 'backup script', expiresAt, current: false },
    });
    expect(await hello(data.createToken.token)).toBe('answered');
    await until(async () => (await rowOf('chosen'))?.unused === false);
    expect(await rowOf('chosen')).toMatchObject({ days: 5 });
  });

  it('chosen with createToken comes earlier to a token that is not used for TOKEN_TTL', async () => {
    const { token } = await app.register('idle-script');
    const input = { name: 'idle', password: GOOD_PASSWORD, expiresAt: new Date(Date.now() + 300 * 86_400_000).toISOString() };
    const { data } = await app.graphql(CREATE, { token, variables: { input } });
    expect(await rowOf('idle-script')).toMatchObject({ days: 30 });
    const inTwoDays = "update tokens set expires_at = now() + interval '2 days' where name = 'idle'";
    await app.sql(inTwoDays);
    expect(await hello(data.createToken.token)).toBe('answered');
    await until(async () => (await rowOf('idle-script'))?.days === 30);
    await app.sql(`${inTwoDays.replace('set', "set last_used_at = null, chosen_end = now() + interval '9 days',")}`);
    expect(await hello(data.createToken.token)).toBe('answered');
    await until(async () => (await rowOf('idle-script'))?.days === 9);
    await app.sql("update tokens set expires_at = now() - interval '1 second' where name = 'idle'");
    expect(await hello(data.createToken.token)).toBe('EXPIRED');
  });
});

describe('a TOKEN_TTL below two minutes', () => {
  const elapsed = async (short: TestApp) =>
    Number((await short.sql('select extract(epoch from now() - min(created_at)) as seconds from tokens'))[0]?.seconds);

  it('lets a token live for as long as it is in use', async () => {
    const short = await createTestApp({ env: { TOKEN_TTL: '2s' } });
    const { token } = await short.register('busy');
    const answers = new Set<number>();
    while ((await elapsed(short)) < 7) answers.add((await short.graphql('{ hello }', { token })).status);
    expect([...answers]).toEqual([200]);
    await until(async () => (await short.sql('select 1 from tokens where expires_at < now()')).length === 1);
    expect((await short.graphql('{ hello }', { token })).errors[0]?.extensions.reason).toBe('EXPIRED');
    await short.close();
  });

  it.each([20, 90, 119])('of %i s counts from the last use, however soon that comes after the one before', async (ttl) => {
    const short = await createTestApp({ env: { TOKEN_TTL: `${ttl}s` } });
    const { token } = await short.register('again');
    await short.sql("update tokens set last_used_at = now() - interval '3 seconds', expires_at = now() + interval '5 seconds'");
    await short.graphql('{ hello }', { token });
    const left = async () => Number((await short.sql('select extract(epoch from expires_at - now()) as seconds from tokens'))[0]?.seconds);
    await until(async () => (await left()) > ttl - 1);
    expect(await left()).toBeLessThan(ttl + 5);
    await short.close();
  });
});

describe('uses of a token', () => {
  it('are written when the server stops, and at most once a minute', async () => {
    const database = await createTestDatabase();
    const inOneDay = "update tokens set expires_at = now() + interval '1 day'";
    const days = 'select round(extract(epoch from expires_at - now()) / 86400)::int as days from tokens';
    const first = await createTestApp({ env, on: database });
    const { token } = await first.register('stopping');
    await first.sql(inOneDay);
    await first.graphql('{ hello }', { token });
    await first.close();
    const second = await createTestApp({ env, on: database });
    expect(await second.sql(days)).toEqual([{ days: 30 }]);
    await second.sql(inOneDay);
    await second.graphql('{ hello }', { token });
    await second.close();
    const third = await createTestApp({ env, on: database });
    expect(await third.sql(days)).toEqual([{ days: 1 }]);
    await third.close();
    await database.drop();
  });

  it('with TOKEN_TTL=0 never end', async () => {
    const eternal = await createTestApp({ env: { TOKEN_TTL: '0' } });
    const { token } = await eternal.register('eternal');
    const { data } = await eternal.graphql('{ tokens { expiresAt } }', { token });
    expect(data.tokens).toEqual([{ expiresAt: null }]);
    await eternal.close();
  });
});
