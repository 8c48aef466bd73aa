import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

const FRESH = 'cl4rinet-Basalt-22';

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  const links = 'https://app.example.com/?token={token}';
  app = await createTestApp({
    env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: links, EMAIL_VERIFICATION_URL: links },
  });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const mutate = async (field: string, type: string, input: Record<string, unknown>, token?: string): Promise<string> => {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { status { code } } }`;
  return (await app.graphql(query, { variables: { input }, ...(token && { token }) })).data[field].status.code;
};
const login = (username: string) => mutate('login', 'LoginInput', { username, password: GOOD_PASSWORD });
const reset = (token: string) => mutate('resetPassword', 'ResetPasswordInput', { token, newPassword: FRESH });
const verify = (token: string) => mutate('verifyEmail', 'VerifyEmailInput', { token });

/** The same password as Django's MD5PasswordHasher stores it: the next login replaces that. */
const oldHash = `md5$salt$${hash('md5', `salt${GOOD_PASSWORD}`)}`;
const hashOf = async (username: string) =>
  (await app.sql('select password_hash from users where username = ?', [username]))[0]?.password_hash;

/** Somebody with one link of each kind. */
async function person(username: string, isImported: boolean) {
  const email = `${username}@example.com`;
  const { token } = await app.register(username, { email });
  if (isImported) await app.sql('update users set password_hash = ? where username = ?', [oldHash, username]);
  const verification = await mailbox.tokenTo(email);
  await mutate('requestPasswordReset', 'RequestPasswordResetInput', { email });
  const recovery = await mailbox.tokenTo(email, 2);
  const newEmail = `${username}@new.example.com`;
  await mutate('changeEmail', 'ChangeEmailInput', { password: GOOD_PASSWORD, newEmail }, token);
  return { verification, recovery, change: await mailbox.tokenTo(newEmail) };
}

describe.each([
  { what: 'logins', isImported: false },
  { what: 'logins of which one stores another hash of the same password', isImported: true },
])('$what leave every link as it is:', ({ isImported }) => {
  it.each([
    { link: 'recovery', open: reset },
    { link: 'verification', open: verify },
    { link: 'change', open: verify },
  ] as const)('$link', async ({ link, open }) => {
    const username = `${link}-${isImported}`;
    const { [link]: token } = await person(username, isImported);
    const before = await hashOf(username);
    for (let n = 0; n < 3; n++) expect(await login(username)).toBe('200 OK');
    expect((await hashOf(username)) !== before).toBe(isImported);
    expect(await open(token)).toBe('200 OK');
  });
});

describe('another hash of the same password', () => {
  it('revives no dead link', async () => {
    const { recovery } = await person('woken', false);
    await app.sql('update users set password_hash = ? where username = ?', [oldHash, 'woken']); // by whatever is not a login
    expect(await login('woken')).toBe('200 OK');
    expect(await reset(recovery)).toBe('400 BAD REQUEST');
  });
});
