import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const SET = 'mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { status { code } } }';
const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { errors { field code } } }';

let app: TestApp;
let mailbox: Mailbox;
let staff: string;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: 'https://app.example/?token={token}' } });
  const { id, token } = await app.register('staff');
  await app.sql('update users set is_staff = true where id = ?', [id]);
  staff = token;
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const login = async (username: string): Promise<string> =>
  (await app.graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } } })).data.login.token;
const refusalOf = async (token: string) => (await app.graphql('{ hello }', { token })).errors[0];
const eventsOf = (id: string) =>
  app.sql('select kind, actor_username, token_name from security_events where user_id = ? order by id desc limit 3', [id]);

/** Each way to switch an account on and off. */
const ways = [
  {
    way: 'staff',
    actor: 'staff',
    set: async (id: string, isActive: boolean) => {
      const { data } = await app.graphql(SET, { token: staff, variables: { input: { id, isActive } } });
      expect(data.setUserActive.status).toEqual({ code: '200 OK' });
    },
  },
  {
    way: 'plain SQL',
    actor: '',
    set: async (id: string, isActive: boolean) => void (await app.sql('update users set is_active = ? where id = ?', [isActive, id])),
  },
  {
    way: 'an upsert',
    actor: '',
    set: async (id: string, isActive: boolean) =>
      void (await app.sql(
        `insert into users (id, username, password_hash, is_active) values (?, 'x', 'x', ?)
         on conflict (id) do update set is_active = excluded.is_active`,
        [id, isActive],
      )),
  },
];

describe.each(ways)('the tokens of an account that $way closes and opens again', ({ way, actor, set }) => {
  it('are refused while it is closed and end when it is opened, which is recorded; new ones work', async () => {
    const username = `closed-by-${way.replaceAll(' ', '-')}`;
    const { id, token } = await app.register(username);
    const second = await login(username);
    await set(id, false);
    for (const key of [token, second]) {
      expect(await refusalOf(key)).toMatchObject({ message: 'User inactive or deleted.', extensions: { reason: 'INACTIVE' } });
    }
    await set(id, true);
    for (const key of [token, second]) {
      expect(await refusalOf(key)).toMatchObject({ message: 'Invalid token.', extensions: { reason: 'INVALID' } });
    }
    const revoked = { kind: 'TOKEN_REVOKED', actor_username: actor, token_name: 'node' };
    expect(await eventsOf(id)).toEqual(expect.arrayContaining([revoked, expect.objectContaining({ kind: 'ACCOUNT_ACTIVATED' })]));
    expect(await refusalOf(await login(username))).toBeUndefined();
  });

  it('survive a change that does not open a closed account', async () => {
    const { id, token } = await app.register(`open-to-${way.replaceAll(' ', '-')}`);
    await set(id, true);
    expect(await refusalOf(token)).toBeUndefined();
  });
});

it('a token that was issued to a closed account on the command line ends when the account is opened', async () => {
  const { id } = await app.register('closed-early');
  await app.sql('update users set is_active = false where id = ?', [id]);
  await app.sql("insert into tokens (digest, user_id) values ('made-meanwhile', ?)", [id]);
  await app.sql('update users set is_active = true where id = ?', [id]);
  expect(await app.sql('select 1 from tokens where user_id = ?', [id])).toEqual([]);
});

it('a link from before an account was closed stays dead when it is opened', async () => {
  const address = 'linked@example.com';
  const { id } = await app.register('linked');
  await app.sql('update users set email = ? where id = ?', [address, id]);
  await app.graphql(`mutation { requestPasswordReset(input: { email: "${address}" }) { status { code } } }`);
  const token = await mailbox.tokenTo(address);
  await app.sql('update users set is_active = false where id = ?', [id]);
  await app.sql('update users set is_active = true where id = ?', [id]);
  const { data } = await app.graphql(RESET, { variables: { input: { token, newPassword: 'an0ther-Quartz-13' } } });
  expect(data.resetPassword.errors).toEqual([{ field: 'token', code: 'INVALID' }]);
});
