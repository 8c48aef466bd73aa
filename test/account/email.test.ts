import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD_PASSWORD } from '../support/graphql-client.ts';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

const OUTCOME = '{ status { code message } errors { field code message } }';
const REQUEST = `mutation { requestEmailVerification ${OUTCOME} }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) ${OUTCOME} }`;
const CHANGE = `mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) ${OUTCOME} }`;
const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) ${OUTCOME} }`;
const REQUEST_RESET = `mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) ${OUTCOME} }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) ${OUTCOME} }`;

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({
    env: { SMTP_URL: mailbox.url, EMAIL_VERIFICATION_URL: 'https://app.example.com/verify?token={token}' },
  });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const verify = async (token: string) => (await app.graphql(VERIFY, { variables: { input: { token } } })).data.verifyEmail;
const change = async (token: string, newEmail: string, password = GOOD_PASSWORD) =>
  (await app.graphql(CHANGE, { token, variables: { input: { password, newEmail } } })).data.changeEmail;
const request = async (token: string) => (await app.graphql(REQUEST, { token })).data.requestEmailVerification;
const me = async (token: string) => (await app.graphql('{ me { email emailVerified } }', { token })).data.me;
/** Lets the next mail go out at once instead of after a minute. */
const skipTheMinute = (id: string) => app.sql('update mails set next_attempt_at = now() where user_id = ?', [id]);

const dead = { status: { code: '400 BAD REQUEST', message: 'Invalid input' }, errors: [{ field: 'token', code: 'INVALID' }] };

describe('verifyEmail', () => {
  it('verifies the address that somebody registered with, once', async () => {
    const { token } = await app.register('fresh', { email: 'fresh@example.com' });
    expect(await me(token)).toEqual({ email: 'fresh@example.com', emailVerified: false });
    const mail = await mailbox.mailTo('fresh@example.com');
    expect(mail.subject).toBe('Confirm your email address');
    expect(mail.text).toMatch(/https:\/\/app\.example\.com\/verify\?token=[0-9a-f]{40}\n/);
    const link = await mailbox.tokenTo('fresh@example.com');
    expect(await verify(link)).toEqual({ status: { code: '200 OK', message: 'Email address verified' }, errors: [] });
    expect(await me(token)).toEqual({ email: 'fresh@example.com', emailVerified: true });
    expect(await verify(link)).toMatchObject(dead);
    expect(await verify('0'.repeat(40))).toEqual(await verify(link));
  });

  it('takes no link older than a day', async () => {
    const { id } = await app.register('tardy', { email: 'tardy@example.com' });
    const link = await mailbox.tokenTo('tardy@example.com');
    await app.sql("update links set expires_at = expires_at - interval '1 day' where user_id = ?", [id]);
    expect(await verify(link)).toMatchObject(dead);
  });

  it('takes no link to an address that is not the account’s any more', async () => {
    const { id } = await app.register('moved', { email: 'moved@example.com' });
    const link = await mailbox.tokenTo('moved@example.com');
    await app.sql("update users set email = 'elsewhere@example.com' where id = ?", [id]);
    expect(await verify(link)).toMatchObject(dead);
  });

  it('survives a login and a change of the password: they say nothing about the mailbox', async () => {
    const { token } = await app.register('steady', { email: 'steady@example.com' });
    const link = await mailbox.tokenTo('steady@example.com');
    await app.graphql(CHANGE_PASSWORD, {
      token,
      variables: { input: { currentPassword: GOOD_PASSWORD, newPassword: 'cl4rinet-Basalt-22' } },
    });
    expect((await verify(link)).status.code).toBe('200 OK');
  });
});

describe('requestEmailVerification', () => {
  it('sends another link, at most one a minute', async () => {
    const { id, token } = await app.register('again', { email: 'again@example.com' });
    await mailbox.mailTo('again@example.com');
    const asked = { status: { code: '200 OK', message: 'A mail with a link is on its way' }, errors: [] };
    expect([await request(token), await request(token)]).toEqual([asked, asked]);
    expect(mailbox.mails.filter(({ recipient }) => recipient === 'again@example.com')).toHaveLength(1);
    await skipTheMinute(id);
    expect((await verify(await mailbox.tokenTo('again@example.com', 2))).status.code).toBe('200 OK');
    expect(await request(token)).toEqual({ status: { code: '200 OK', message: 'Email address already verified' }, errors: [] });
  });

  it('says so when the account has no address', async () => {
    const { token } = await app.register('addressless');
    expect(await request(token)).toEqual({
      status: { code: '400 BAD REQUEST', message: 'The account has no email address' },
      errors: [],
    });
  });
});

describe('changeEmail', () => {
  it('takes effect when the link in the new mailbox is opened, and then tells the old one', async () => {
    const { id, token } = await app.register('mover', { email: 'old@example.com' });
    await mailbox.mailTo('old@example.com');
    expect(await change(token, 'new@EXAMPLE.com')).toEqual({
      status: { code: '200 OK', message: 'A mail with a link is on its way to the new address' },
      errors: [],
    });
    const link = await mailbox.tokenTo('new@example.com');
    expect(await me(token)).toEqual({ email: 'old@example.com', emailVerified: false });
    expect(await verify(link)).toEqual({ status: { code: '200 OK', message: 'Email address changed' }, errors: [] });
    expect(await me(token)).toEqual({ email: 'new@example.com', emailVerified: true });
    const notice = await mailbox.mailTo('old@example.com', 2);
    expect(notice.subject).toBe('Your email address was changed');
    expect(notice.text).not.toContain('new@example.com');
    const events = await app.sql("select kind from security_events where user_id = ? and kind = 'EMAIL_CHANGED'", [id]);
    expect(events).toHaveLength(1);
    expect(await verify(link)).toMatchObject(dead);
  });

  it('tells every old mailbox when the address changes twice in a row', async () => {
    const { id, token } = await app.register('hijacked', { email: 'first@example.com' });
    await change(token, 'second@example.com');
    await verify(await mailbox.tokenTo('second@example.com'));
    await change(token, 'third@example.com');
    await skipTheMinute(id);
    await verify(await mailbox.tokenTo('third@example.com'));
    const notices = await Promise.all([mailbox.mailTo('first@example.com', 2), mailbox.mailTo('second@example.com', 2)]);
    expect(notices.map(({ subject }) => subject)).toEqual(['Your email address was changed', 'Your email address was changed']);
  });

  it('forgets a wish when another follows', async () => {
    const { id, token } = await app.register('fickle', { email: 'fickle@example.com' });
    await change(token, 'whim@example.com');
    const whim = await mailbox.tokenTo('whim@example.com');
    await change(token, 'choice@example.com');
    await skipTheMinute(id);
    const choice = await mailbox.tokenTo('choice@example.com');
    expect(await verify(whim)).toMatchObject(dead);
    expect((await verify(choice)).status.code).toBe('200 OK');
  });

  it('comes to nothing when the password is changed before the link is opened or even sent', async () => {
    const { id, token } = await app.register('rescued', { email: 'rescued@example.com' });
    await change(token, 'thief@example.com');
    const link = await mailbox.tokenTo('thief@example.com');
    await change(token, 'thief-again@example.com');
    await app.graphql(CHANGE_PASSWORD, {
      token,
      variables: { input: { currentPassword: GOOD_PASSWORD, newPassword: 'cl4rinet-Basalt-22' } },
    });
    expect(await verify(link)).toMatchObject(dead);
    expect(await app.sql("select requested_at from mails where user_id = ? and kind = 'EMAIL_CHANGE'", [id])).toEqual([
      { requested_at: null },
    ]);
    expect(await app.sql('select 1 from links where user_id = ? and purpose = ?', [id, 'email-change'])).toEqual([]);
  });

  it('kills the reset links of the old mailbox', async () => {
    const { token } = await app.register('leaver', { email: 'leaver@example.com' });
    await mailbox.mailTo('leaver@example.com');
    await app.graphql(REQUEST_RESET, { variables: { input: { email: 'leaver@example.com' } } });
    const reset = await mailbox.tokenTo('leaver@example.com', 2);
    await change(token, 'left@example.com');
    await verify(await mailbox.tokenTo('left@example.com'));
    const { data } = await app.graphql(RESET, { variables: { input: { token: reset, newPassword: 'cl4rinet-Basalt-22' } } });
    expect(data.resetPassword).toMatchObject(dead);
  });

  it('lets a link work once among 20 simultaneous tries', async () => {
    const { id, token } = await app.register('crowded', { email: 'crowded@example.com' });
    await change(token, 'crowd@example.com');
    const link = await mailbox.tokenTo('crowd@example.com');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => verify(link)));
    expect(outcomes.filter(({ status }) => status.code === '200 OK')).toHaveLength(1);
    expect(await app.sql("select 1 from security_events where user_id = ? and kind = 'EMAIL_CHANGED'", [id])).toHaveLength(1);
  });

  it.each([
    { newEmail: 'nowhere', errors: [{ field: 'newEmail', code: 'INVALID' }] },
    { newEmail: '', errors: [{ field: 'newEmail', code: 'BLANK' }] },
    { newEmail: 'chooser@example.com', errors: [{ field: 'newEmail', code: 'INVALID' }] },
    {
      newEmail: 'a@b.com\r\nBcc: c@d.com',
      password: 'wrong',
      errors: [
        { field: 'password', code: 'PASSWORD_INCORRECT' },
        { field: 'newEmail', code: 'INVALID' },
      ],
    },
  ])('refuses $newEmail', async ({ newEmail, password, errors }) => {
    const username = `chooser-${newEmail.length}`;
    const { token } = await app.register(username, { email: 'chooser@example.com' });
    expect(await change(token, newEmail, password)).toMatchObject({ status: { code: '400 BAD REQUEST' }, errors });
  });
});
