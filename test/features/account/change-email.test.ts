import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox, skipTheMinute } from '../../support/network/mailbox.ts';

const OUTCOME = '{ status { code message } errors { field code message } }';
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
const me = async (token: string) => (await app.graphql('{ me { email emailVerified } }', { token })).data.me;

const dead = { status: { code: '400 BAD REQUEST', message: 'Invalid input' }, errors: [{ field: 'token', code: 'INVALID' }] };

describe('changeEmail', () => {
  it('takes effect when the link in the new mailbox is opened, and informs the old one', async () => {
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

  it('informs every old mailbox when the address changes twice in a row', async () => {
    const { id, token } = await app.register('hijacked', { email: 'first@example.com' });
    await change(token, 'second@example.com');
    await verify(await mailbox.tokenTo('second@example.com'));
    await change(token, 'third@example.com');
    await skipTheMinute(app, id);
    await verify(await mailbox.tokenTo('third@example.com'));
    const notices = await Promise.all([mailbox.mailTo('first@example.com', 2), mailbox.mailTo('second@example.com', 2)]);
    expect(notices.map(({ subject }) => subject)).toEqual(['Your email address was changed', 'Your email address was changed']);
  });

  it('drops a pending change when another follows', async () => {
    const { id, token } = await app.register('fickle', { email: 'fickle@example.com' });
    await change(token, 'whim@example.com');
    const whim = await mailbox.tokenTo('whim@example.com');
    await change(token, 'choice@example.com');
    await skipTheMinute(app, id);
    const choice = await mailbox.tokenTo('choice@example.com');
    expect(await verify(whim)).toMatchObject(dead);
    expect((await verify(choice)).status.code).toBe('200 OK');
  });

  it('is void when the password changes before the link is opened or even sent', async () => {
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
