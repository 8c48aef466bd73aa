import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const REQUEST = `mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) {
  status { code message retryAfter } errors { field code message }
} }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) {
  status { code message } errors { field code message }
} }`;
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } } }';
const NEW_PASSWORD = 'cl4rinet-Basalt-22';

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({
    env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: 'https://app.example.com/reset?token={token}' },
  });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const request = async (email: string) => (await app.graphql(REQUEST, { variables: { input: { email } } })).data.requestPasswordReset;
const reset = async (token: string, newPassword = NEW_PASSWORD) =>
  (await app.graphql(RESET, { variables: { input: { token, newPassword } } })).data.resetPassword;
const login = async (username: string, password: string) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;
const eventsOf = (id: string) => app.sql('select kind from security_events where user_id = ? order by id', [id]);

/** Somebody with an address of their own, and the token of the reset link in their mailbox. */
async function forgetful(username: string) {
  const email = `${username}@example.com`;
  const account = await app.register(username, { email });
  await mailbox.mailTo(email); // the one that verifies the address
  await request(email);
  return { ...account, username, email, link: await mailbox.tokenTo(email, 2) };
}

const dead = {
  status: { code: '400 BAD REQUEST', message: 'Invalid input' },
  errors: [{ field: 'token', code: 'INVALID', message: 'This link does not work, or no longer. Please ask for a new one.' }],
};

describe('resetPassword', () => {
  it('sets the password by the link, ends every token and sends a notice', async () => {
    const { id, username, email, token, link } = await forgetful('forgot');
    const mail = await mailbox.mailTo(email, 2);
    expect(mail.subject).toBe('Reset your password');
    expect(mail.text).toContain(username);
    expect(mail.text).toContain(`https://app.example.com/reset?token=${link}`);
    expect(await reset(link)).toEqual({ status: { code: '200 OK', message: 'Password reset' }, errors: [] });
    expect((await app.graphql('{ hello }', { token })).status).toBe(401);
    expect((await login(username, GOOD_PASSWORD)).status.code).toBe('400 BAD REQUEST');
    expect((await login(username, NEW_PASSWORD)).status.code).toBe('200 OK');
    expect((await mailbox.mailTo(email, 3)).subject).toBe('Your password was changed');
    const kindsNow = async () => (await eventsOf(id)).map(({ kind }) => kind);
    await until(async () => (await kindsNow()).includes('LOGIN_FAILED')); // noted after its answer
    expect((await kindsNow()).filter((kind) => kind !== 'LOGIN_FAILED')).toEqual([
      'REGISTERED',
      'TOKEN_REVOKED',
      'PASSWORD_RESET',
      'LOGGED_IN',
    ]);
  });

  it('verifies the address of the account', async () => {
    const { username, link } = await forgetful('proven');
    await reset(link);
    expect(await app.sql('select email_verified from users where username = ?', [username])).toEqual([{ email_verified: true }]);
  });

  it('lets a link work once among 50 simultaneous tries', async () => {
    const { link } = await forgetful('once');
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        app.graphql(RESET, { variables: { input: { token: link, newPassword: `${NEW_PASSWORD}-${n}` } } }),
      ),
    );
    expect(replies.every(({ status, errors }) => status === 200 && errors.length === 0)).toBe(true);
    const payloads = replies.map(({ data }) => data.resetPassword);
    expect(payloads.filter(({ status }) => status.code === '200 OK')).toHaveLength(1);
    expect(payloads.filter(({ status }) => status.code !== '200 OK')).toEqual(Array(49).fill(dead));
  });

  it('reports what is wrong with a password and leaves the link as it is', async () => {
    const { link, username } = await forgetful('weakling');
    const { status, errors } = await reset(link, '12345');
    expect(status.code).toBe('400 BAD REQUEST');
    expect(errors.map(({ field, code }: Record<string, string>) => `${field} ${code}`)).toEqual([
      'newPassword PASSWORD_TOO_SHORT',
      'newPassword PASSWORD_TOO_COMMON',
      'newPassword PASSWORD_ENTIRELY_NUMERIC',
    ]);
    expect((await reset(link, `${username}@example`)).errors[0].code).toBe('PASSWORD_TOO_SIMILAR');
    expect((await reset(link)).status.code).toBe('200 OK');
  });

  const deaths = [
    { of: 'used', change: async (link: string) => void (await reset(link)) },
    { of: 'older than 60 minutes', sql: "update links set expires_at = now() - interval '1 second'" },
    { of: 'from before a change of the password', sql: "update users set password_hash = password_hash || 'x'" },
    { of: 'from before a change of the address', sql: "update users set email = 'other@example.com'" },
    { of: 'of an account that was deactivated', sql: 'update users set is_active = false' },
    { of: 'of an account that is gone', sql: 'delete from users' },
  ];

  it.each(deaths)('refuses a link that is $of like an unknown one', async ({ of, sql, change }) => {
    const { link, id } = await forgetful(`dead-${deaths.findIndex((death) => death.of === of)}`);
    if (sql) await app.sql(`${sql} where ${sql.includes('links') ? 'user_id' : 'id'} = ?`, [id]);
    await change?.(link);
    expect(await reset(link)).toEqual(dead);
    expect(await reset(link, '12345')).toEqual(dead); // also what else is wrong must not tell them apart
  });

  it.each(['', 'x', '0'.repeat(40), 'é\0', '0'.repeat(5000)])('refuses the token %.41j', async (token) => {
    expect(await reset(token)).toEqual(dead);
  });

  it('refuses a link that was sent for another purpose', async () => {
    await app.register('mixed-up', { email: 'mixed-up@example.com' });
    expect(await reset(await mailbox.tokenTo('mixed-up@example.com'))).toEqual(dead);
  });

  it('goes by the database’s clock: a link works for 60 minutes', async () => {
    const { id } = await forgetful('hourly');
    const [row] = await app.sql(
      "select extract(epoch from expires_at - created_at)::int as seconds from links where user_id = ? and purpose = 'password-reset'",
      [id],
    );
    expect(row).toEqual({ seconds: 3600 });
  });

  it('stores only the digest of a link', async () => {
    const { link } = await forgetful('secretive');
    const rows = await app.sql('select to_jsonb(l)::text as row from links l union all select to_jsonb(m)::text from mails m');
    expect(JSON.stringify(rows)).not.toContain(link);
    expect(app.logs()).not.toContain(link);
  });
});
