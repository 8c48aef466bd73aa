import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/database/migrate.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { reason message } user { username } token } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '3/15m', THROTTLE_LOGIN_ADDRESS: '1000/15m' } });
});
afterAll(() => app.close());

const OTHER_PASSWORD = 'cl4rinet-Basalt-7';
const login = async (username: string, password = GOOD_PASSWORD) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;
const verify = (username: string) => app.sql('update users set email_verified = true where username = ?', [username]);
const verifiedOnes = async (email: string) =>
  (await app.sql('select username from users where fold_case(email) = fold_case(?) and email_verified', [email])).map(
    (row) => row.username,
  );

describe('a login by address', () => {
  beforeAll(async () => {
    await app.register('ann', { email: 'Ann.Lee@example.com' });
    await app.register('stranger', { email: 'open@example.com' });
    await verify('ann');
  });

  it.each(['Ann.Lee@example.com', 'ann.lee@EXAMPLE.com', ' ann.lee@example.com '])(
    'opens the account that has verified it: %s',
    async (typed) => {
      expect(await login(typed)).toMatchObject({ status: { reason: 'OK' }, user: { username: 'ann' } });
    },
  );

  it('is refused, in the words of a wrong password, while the address is not verified', async () => {
    const refused = await login('ann', 'wrong-Quartz-12');
    expect(await login('open@example.com')).toEqual(refused);
    expect(await login('unknown@example.com')).toEqual(refused);
  });

  it('never opens the account of someone who only chose the address as a username', async () => {
    await app.register('bea', { email: 'bea@example.com' });
    await verify('bea');
    await app.register('bea@example.com', { password: OTHER_PASSWORD });
    expect(await login('bea@example.com', OTHER_PASSWORD)).toMatchObject({ user: { username: 'bea@example.com' } });
    expect(await login('bea@example.com')).toMatchObject({ status: { reason: 'INVALID_CREDENTIALS' }, token: null });
    expect(await login('Bea@example.com')).toMatchObject({ user: { username: 'bea' } });
  });

  it('is counted under all spellings together', async () => {
    await app.register('cid', { email: 'cid@example.com' });
    await verify('cid');
    const typed = ['cid@example.com', 'CID@example.com', 'Cid@Example.com', 'ciD@example.com'];
    const reasons = [];
    for (const name of typed) reasons.push((await login(name, 'wrong-Quartz-12')).status.reason);
    expect(reasons).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'THROTTLED']);
  });
});

describe('a verified address', () => {
  it('belongs to one account, however many verify it at once', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `racer-${n}`);
    for (const name of names) await app.register(name, { email: 'Race@example.com' });
    await Promise.all(names.map(verify));
    expect(await verifiedOnes('race@example.com')).toHaveLength(1);
  });

  it('stays with the account that verified it first', async () => {
    for (const name of ['first', 'second']) await app.register(name, { email: 'one@example.com' });
    await verify('first');
    await verify('second');
    expect(await verifiedOnes('ONE@example.com')).toEqual(['first']);
    await app.sql("update users set email = 'moved@example.com' where username = 'first'");
    await verify('second');
    expect(await verifiedOnes('one@example.com')).toEqual(['second']);
  });

  it('stays, in a database from before, with the open account that logged in last', async () => {
    await app.sql('drop trigger users_claim_address on users');
    await app.sql('drop function claim_address()');
    await app.sql('drop index users_verified_email_key');
    await app.sql("delete from migrations where name like '%verified_addresses'");
    await app.sql(`
      insert into users (username, password_hash, email, email_verified, is_active, last_login) values
        ('old-1', '!', 'old@example.com', true, true, '2026-01-01'), ('old-2', '!', 'OLD@example.com', true, true, '2026-03-01'),
        ('old-3', '!', 'old@example.com', true, false, '2026-05-01'), ('old-4', '!', 'old@example.com', true, true, null)`);
    expect(await migrate(app.database.orm)).toEqual([expect.stringContaining('verified_addresses')]);
    expect(await verifiedOnes('old@example.com')).toEqual(['old-2']);
  });
});
