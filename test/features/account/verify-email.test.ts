import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox, skipTheMinute, tokenOf } from '../../support/network/mailbox.ts';

const OUTCOME = '{ status { code message } errors { field code message } }';
const REQUEST = `mutation { requestEmailVerification ${OUTCOME} }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) ${OUTCOME} }`;
const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) ${OUTCOME} }`;

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
const request = async (token: string) => (await app.graphql(REQUEST, { token })).data.requestEmailVerification;
const me = async (token: string) => (await app.graphql('{ me { email emailVerified } }', { token })).data.me;

const dead = { status: { code: '400 BAD REQUEST', message: 'Invalid input' }, errors: [{ field: 'token', code: 'INVALID' }] };

describe('verifyEmail', () => {
  it('verifies the address that a user registered with, once', async () => {
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

  it('refuses a link older than a day', async () => {
    const { id } = await app.register('tardy', { email: 'tardy@example.com' });
    const link = await mailbox.tokenTo('tardy@example.com');
    await app.sql("update links set expires_at = expires_at - interval '1 day' where user_id = ?", [id]);
    expect(await verify(link)).toMatchObject(dead);
  });

  it('refuses a link to an address that the account no longer has', async () => {
    const { id } = await app.register('moved', { email: 'moved@example.com' });
    const link = await mailbox.tokenTo('moved@example.com');
    await app.sql("update users set email = 'elsewhere@example.com' where id = ?", [id]);
    expect(await verify(link)).toMatchObject(dead);
  });

  it('accepts a link after a login and after a change of password: they say nothing about the mailbox', async () => {
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
  it('mails another link, at most once a minute', async () => {
    const { id, token } = await app.register('again', { email: 'again@example.com' });
    await mailbox.mailTo('again@example.com');
    const asked = { status: { code: '200 OK', message: 'A mail with a link is on its way' }, errors: [] };
    expect([await request(token), await request(token)]).toEqual([asked, asked]);
    expect(mailbox.mails.filter(({ recipient }) => recipient === 'again@example.com')).toHaveLength(1);
    await skipTheMinute(app, id);
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

it('a link to an address that another account has verified meanwhile is refused, and says what to do', async () => {
  const [first, second] = [
    await app.register('owner', { email: 'mine@example.com' }),
    await app.register('later', { email: 'Mine@example.com' }),
  ];
  const links = [tokenOf(await mailbox.mailTo('mine@example.com')), tokenOf(await mailbox.mailTo('Mine@example.com'))];
  expect(await verify(links[0] ?? '')).toMatchObject({ status: { code: '200 OK' } });
  expect(await verify(links[1] ?? '')).toMatchObject({
    status: { code: '400 BAD REQUEST' },
    errors: [{ field: 'token', code: 'UNIQUE', message: expect.stringContaining('Another account has this email address') }],
  });
  expect(await me(first.token)).toMatchObject({ emailVerified: true });
  expect(await me(second.token)).toEqual({ email: 'Mine@example.com', emailVerified: false });
});
