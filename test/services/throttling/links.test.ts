import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { THROTTLED, tally, times } from '../../support/client/logins.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

const DEAD = '0'.repeat(40);
const FRESH = 'cl4rinet-Basalt-22';
const BAD = '400 BAD REQUEST';

let app: TestApp;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
  const links = 'https://app.example.com/?token={token}';
  app = await createTestApp({
    env: {
      THROTTLE: 'on',
      THROTTLE_LINK: '4/1h',
      THROTTLE_RESET: '3/1h',
      SMTP_URL: mailbox.url,
      PASSWORD_RESET_URL: links,
      EMAIL_VERIFICATION_URL: links,
    },
  });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});
beforeEach(() => app.sql('delete from attempts'));

const mutate = async (field: string, type: string, input: Record<string, unknown>) =>
  (
    await app.graphql(`mutation ($input: ${type}!) { ${field}(input: $input) { status { code retryAfter } errors { code } } }`, {
      variables: { input },
    })
  ).data[field];
const verify = (token: string) => mutate('verifyEmail', 'VerifyEmailInput', { token });
const reset = (token: string, newPassword = FRESH) => mutate('resetPassword', 'ResetPasswordInput', { token, newPassword });
const ask = (email: string) => mutate('requestPasswordReset', 'RequestPasswordResetInput', { email });

/** A link that verifies an address. */
async function linkOf(username: string): Promise<string> {
  await app.register(username, { email: `${username}@example.com` });
  return mailbox.tokenTo(`${username}@example.com`);
}

describe('links tried from one address', () => {
  it('that do not work are limited, those of verifyEmail and resetPassword together; the right one is refused then, too', async () => {
    const link = await linkOf('guessed');
    expect(tally(await times(6, (n) => (n % 2 ? verify(DEAD) : reset(DEAD))))).toEqual({ [BAD]: 4, [THROTTLED]: 2 });
    expect((await verify(link)).status).toEqual({ code: THROTTLED, retryAfter: expect.any(Number) });
    await app.sql('delete from attempts');
    expect((await verify(link)).status.code).toBe('200 OK');
  });

  it('are not limited while they work', async () => {
    for (let n = 0; n < 6; n++) expect((await verify(await linkOf(`verifying-${n}`))).status.code).toBe('200 OK');
  });

  it('may be tried with as many passwords as it takes to find one that will do', async () => {
    await linkOf('undecided');
    await ask('undecided@example.com');
    const link = await mailbox.tokenTo('undecided@example.com', 2);
    for (let n = 0; n < 6; n++) expect(await reset(link, '123')).toMatchObject({ status: { code: BAD } });
    expect((await reset(link)).status.code).toBe('200 OK');
  });

  it('are tried one in a request', async () => {
    const field = `verifyEmail(input: { token: "${DEAD}" }) { status { code } }`;
    const { status, errors } = await app.graphql(`mutation { a: ${field} b: ${field} }`);
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('password resets asked for from one address', () => {
  it('are limited; what no account can have takes nothing from them', async () => {
    expect(tally(await times(5, () => ask(' ')))).toEqual({ [BAD]: 5 });
    expect(tally(await times(5, () => ask('nobody@example.com')))).toEqual({ '200 OK': 3, [THROTTLED]: 2 });
  });
});
