import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  status { code message } errors { field code message }
} }`;
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';
const NEW_PASSWORD = 'cl4rinet-Basalt-22';

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url } });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const change = (token: string, currentPassword = GOOD_PASSWORD, newPassword = NEW_PASSWORD) =>
  app.graphql(CHANGE, { token, variables: { input: { currentPassword, newPassword } } });
const login = async (username: string, password: string) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;
const isAlive = async (token: string) => (await app.graphql('{ hello }', { token })).status === 200;

describe('changePassword', () => {
  it('sets the password, ends the other tokens at once, keeps this one, records it and sends a notice', async () => {
    const { id, token } = await app.register('changer', { email: 'changer@example.com' });
    const { token: other } = await login('changer', GOOD_PASSWORD);
    const { data } = await change(token);
    expect(data.changePassword).toEqual({ status: { code: '200 OK', message: 'Password changed' }, errors: [] });
    expect([await isAlive(token), await isAlive(other)]).toEqual([true, false]);
    expect((await login('changer', GOOD_PASSWORD)).token).toBeNull();
    expect((await login('changer', NEW_PASSWORD)).status.code).toBe('200 OK');
    const events = await app.sql('select kind from security_events where user_id = ? order by id', [id]);
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['TOKEN_REVOKED', 'PASSWORD_CHANGED']));
    const notice = await mailbox.mailTo('changer@example.com', 2);
    expect(notice.subject).toBe('Your password was changed');
    expect(notice.text).toContain('“changer”');
  });

  it('reports a wrong current password together with what is wrong with the new one', async () => {
    const { token } = await app.register('guesser', { email: 'guesser@example.com' });
    const { data } = await change(token, 'wrong', 'guesser1');
    expect(data.changePassword).toMatchObject({
      status: { code: '400 BAD REQUEST', message: 'Invalid input' },
      errors: [
        {
          field: 'currentPassword',
          code: 'PASSWORD_INCORRECT',
          message: 'Your password was entered incorrectly. Please enter it again.',
        },
        { field: 'newPassword', code: 'PASSWORD_TOO_SIMILAR' },
      ],
    });
    expect((await login('guesser', GOOD_PASSWORD)).status.code).toBe('200 OK');
  });

  it('lets one of 20 simultaneous changes win', async () => {
    const { token } = await app.register('hasty');
    const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => change(token, GOOD_PASSWORD, `${NEW_PASSWORD}-${n}`)));
    expect(replies.every(({ status, errors }) => status === 200 && errors.length === 0)).toBe(true);
    const payloads = replies.map(({ data }) => data.changePassword);
    expect(payloads.filter(({ status }) => status.code === '200 OK')).toHaveLength(1);
    expect(payloads.flatMap(({ errors }) => errors).every(({ code }) => code === 'PASSWORD_INCORRECT')).toBe(true);
  });

  it('leaves no token of a login with the old password alive', async () => {
    const { token } = await app.register('raced');
    const [, ...logins] = await Promise.all([change(token), ...Array.from({ length: 10 }, () => login('raced', GOOD_PASSWORD))]);
    const alive = await Promise.all(logins.map(({ token: key }) => (key ? isAlive(key) : false)));
    expect(alive).toEqual(Array(10).fill(false));
  });

  it('works for an account without an address, which gets no notice', async () => {
    const { id, token } = await app.register('unlisted');
    expect((await change(token)).data.changePassword.status.code).toBe('200 OK');
    expect(await app.sql('select 1 from mails where user_id = ?', [id])).toEqual([]);
  });
});
