import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { status { code retryAfter } } }';
const RESET = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { status { code } } }';
const VERIFICATION = 'mutation { requestEmailVerification { status { code retryAfter } } }';
const CHANGE_PASSWORD = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { status { code } token } }';

const roomy = { THROTTLE: 'on', THROTTLE_REGISTER: '1000/1h', THROTTLE_RESET: '1000/1h', THROTTLE_MAIL_ADDRESS: '1000/1h' };

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, ...roomy } });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

/** Mails to a mailbox, however its address is written. */
const mailsTo = (name: string) => mailbox.mails.filter(({ recipient }) => recipient.toLowerCase().startsWith(name));

/** Waits until no mail that anybody can ask for is queued. What tells of something may still wait. */
const workedOff = () =>
  until(async () => {
    const rows = await app.sql(
      `select 1 from mails where requested_at is not null and kind in ('PASSWORD_RESET', 'EMAIL_VERIFICATION', 'EMAIL_CHANGE')
       union all select 1 from password_reset_requests`,
    );
    return rows.length === 0;
  });

const changeEmail = async (token: string, newEmail: string) =>
  (await app.graphql(CHANGE_EMAIL, { token, variables: { input: { password: GOOD_PASSWORD, newEmail } } })).data.changeEmail.status;

describe('a mailbox', () => {
  it('gets five mails an hour that anybody can ask for, over all accounts, kinds and ways to write its address', async () => {
    const spellings = ['victim@example.com', 'VICTIM@example.com', 'Victim@EXAMPLE.com', 'victim+a@example.com', 'victim+b@example.com'];
    const strangers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => app.register(`stranger-${n}`, { email: spellings[n % spellings.length] })),
    );
    for (const { token } of strangers.slice(0, 3)) await changeEmail(token, 'vICTIM@example.com');
    await app.graphql(RESET, { variables: { input: { email: 'victim@example.com' } } });
    await workedOff();
    expect(mailsTo('victim')).toHaveLength(5);
    expect(app.logs()).toContain('a mailbox has had enough mails; one was dropped');
    expect(app.logs()).not.toContain('victim@example.com');
    expect((await app.register('bystander', { email: 'bystander@example.com' })).token).toMatch(/^[0-9a-f]{40}$/);
    await mailbox.mailTo('bystander@example.com');
  });

  it('gets twenty such mails a day', async () => {
    await app.sql(`update attempts set expire = 1 where key like '%PerHour:%'`);
    const of = async (n: number) => {
      await app.register(`daily-${n}`, { email: 'daily@example.com' });
      await workedOff();
      await app.sql(`update attempts set expire = 1 where key like '%PerHour:%'`);
    };
    for (let n = 0; n < 24; n++) await of(n);
    expect(mailsTo('daily').length).toBeLessThanOrEqual(20);
    expect(mailsTo('daily').length).toBeGreaterThanOrEqual(16);
  });

  it('keeps room for its owner when strangers register with its address: a reset and every notice get through', async () => {
    const { id, token } = await app.register('owner');
    await app.sql("update users set email = 'owner@example.com' where id = ?", [id]); // past register, which would write to it
    const strangers = await Promise.all(Array.from({ length: 8 }, (_, n) => app.register(`rival-${n}`, { email: 'owner@example.com' })));
    await workedOff();
    expect(mailsTo('owner')).toHaveLength(4);
    for (const { token } of strangers) await changePassword(token, 'cl4rinet-Basalt-22');
    await app.graphql(RESET, { variables: { input: { email: 'owner@example.com' } } });
    const reset = await mailbox.mailTo('owner@example.com', 5);
    expect(reset.subject).toBe('Reset your password');
    expect(reset.text).toContain('“owner”');
    await app.graphql(RESET, { variables: { input: { email: 'owner@example.com' } } });
    await changePassword(token, 'cl4rinet-Basalt-22');
    expect((await mailbox.mailTo('owner@example.com', 6)).text).toContain('The password of the account “owner” was changed');
    const waiting = await app.sql(
      `select count(*)::int as count from mails
        where kind = 'PASSWORD_CHANGED' and requested_at is not null and recipient = 'owner@example.com' and user_id <> ?`,
      [id],
    );
    expect(waiting).toEqual([{ count: 8 }]); // the strangers' notices wait, and are not lost
    await app.sql(`update attempts set expire = 1 where key like '%PerHour:%'`);
    await app.sql("update mails set next_attempt_at = now() where kind = 'PASSWORD_CHANGED'");
    await until(() => mailsTo('owner').length === 10);
  });
});

const changePassword = (token: string, newPassword: string) =>
  app.graphql(CHANGE_PASSWORD, { token, variables: { input: { currentPassword: GOOD_PASSWORD, newPassword } } });

describe('an address', () => {
  it('can ask for mails up to its budget, of all kinds together; beyond it nothing is written', async () => {
    const outside = await openMailbox();
    const other = await createTestApp({ env: { SMTP_URL: outside.url, ...roomy, THROTTLE_MAIL_ADDRESS: '3/1h' } });
    const { token } = await other.register('spammer', { email: 'spammer@example.com' });
    const change = async (newEmail: string) => {
      const variables = { input: { password: GOOD_PASSWORD, newEmail } };
      return (await other.graphql(CHANGE_EMAIL, { token, variables })).data.changeEmail.status;
    };
    expect([await change('a@example.com'), await change('b@example.com')].map(({ code }) => code)).toEqual(['200 OK', '200 OK']);
    const throttled = { code: '429 TOO MANY REQUESTS', retryAfter: expect.any(Number) };
    expect(await change('c@example.com')).toEqual(throttled);
    expect((await other.graphql(VERIFICATION, { token })).data.requestEmailVerification.status).toEqual(throttled);
    const reset = await other.graphql(RESET, { variables: { input: { email: 'd@example.com' } } });
    expect(reset.data.requestPasswordReset.status.code).toBe(throttled.code);
    const register = (username: string, email: string) =>
      other.graphql(REGISTER, { variables: { input: { username, email, password: GOOD_PASSWORD } } });
    expect((await register('spammer-2', 'e@example.com')).data.register).toEqual({ status: { code: throttled.code }, token: null });
    expect((await register('quiet', '')).data.register.status.code).toBe('200 OK');
    expect(await other.sql("select 1 from users where username = 'spammer-2'")).toEqual([]);
    await other.close();
    await outside.close();
  });
});
