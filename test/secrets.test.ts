import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './support/app/test-app.ts';
import { type Mailbox, openMailbox } from './support/network/mailbox.ts';
import { type Collector, openCollector } from './support/network/otlp-collector.ts';
import { until } from './support/until.ts';

/** Uses every operation that sees a secret, then looks for each secret wherever somebody else might read it. */
const secrets: Record<string, string> = {
  'first password': 'first-Tr0mbone-Quartz',
  'wrong password': 'wrong-Tr0mbone-Quartz',
  'changed password': 'second-Tr0mbone-Quartz',
  'reset password': 'third-Tr0mbone-Quartz',
  'weak password': 'ANN@example.com1',
};
const secret = (name: string): string => secrets[name] ?? '';
const keep = (name: string, value: string): string => (secrets[name] = value);

let app: TestApp;
let mailbox: Mailbox;
let collector: Collector;
let metrics: string;
beforeAll(async () => {
  mailbox = await openMailbox();
  collector = await openCollector();
  const links = 'https://app.example/?token={token}';
  app = await createTestApp({
    env: {
      SMTP_URL: mailbox.url,
      PASSWORD_RESET_URL: links,
      EMAIL_VERIFICATION_URL: links,
      LOG_LEVEL: 'trace',
      METRICS: '127.0.0.1:0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      THROTTLE: 'on',
    },
  });
  await useEverything();
  metrics = await app.metrics();
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
  await collector.close();
});

const mutate = async (field: string, type: string, input: Record<string, unknown>, token?: string) => {
  const selection = { register: 'token', login: 'token', createToken: 'token' }[field] ?? '';
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} status { code } errors { field code } } }`;
  const { data } = await app.graphql(query, { variables: { input }, ...(token && { token }) });
  return data[field];
};

async function useEverything(): Promise<void> {
  const username = 'ann';
  const email = 'ann@example.com';
  const registered = await mutate('register', 'RegisterInput', { username, email, password: secret('first password') });
  keep('token of register', registered.token);
  keep('verification link', await mailbox.tokenTo(email));
  await mutate('verifyEmail', 'VerifyEmailInput', { token: secret('verification link') });
  await mutate('register', 'RegisterInput', { username: 'annexample', email, password: secret('weak password') });
  await mutate('login', 'LoginInput', { username, password: secret('wrong password') });
  await mutate('login', 'LoginInput', { username: secret('wrong password'), password: 'x' });
  const { token } = await mutate('login', 'LoginInput', { username, password: secret('first password') });
  keep('token of login', token);
  const script = await mutate('createToken', 'CreateTokenInput', { name: 'script', password: secret('first password') }, token);
  keep('token of createToken', script.token);
  await mutate('changeEmail', 'ChangeEmailInput', { password: secret('first password'), newEmail: 'new@example.com' }, token);
  keep('email change link', await mailbox.tokenTo('new@example.com'));
  await mutate(
    'changePassword',
    'ChangePasswordInput',
    { currentPassword: secret('wrong password'), newPassword: secret('changed password') },
    token,
  );
  await mutate(
    'changePassword',
    'ChangePasswordInput',
    { currentPassword: secret('first password'), newPassword: secret('changed password') },
    token,
  );
  await mutate('requestPasswordReset', 'RequestPasswordResetInput', { email });
  await mailbox.mailTo(email, 4); // after the notices of a token and of the password
  const reset = mailbox.mails.filter(({ recipient, text }) => recipient === email && text?.includes('token=')).at(-1);
  keep('reset link', /token=([0-9a-f]{40})/.exec(reset?.text ?? '')?.[1] ?? '');
  await mutate('resetPassword', 'ResetPasswordInput', { token: secret('reset link'), newPassword: secret('weak password') });
  const done = await mutate('resetPassword', 'ResetPasswordInput', { token: secret('reset link'), newPassword: secret('reset password') });
  expect(done).toMatchObject({ status: { code: '200 OK' }, errors: [] });
  await app.graphql('{ hello }', { token: keep('stale token', 'f'.repeat(40)) });
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const tables = await app.sql("select table_name as name from information_schema.tables where table_schema = 'public'");
  const rows = await Promise.all(tables.map(({ name }) => app.sql(`select to_jsonb(t)::text as row from "${name}" t`)));
  return JSON.stringify(rows);
}

describe('no secret is left behind', () => {
  it('the session has really used them all', () => {
    expect(Object.keys(secrets)).toHaveLength(12);
    expect(Object.values(secrets).every((value) => value.length >= 15)).toBe(true);
  });

  it('in the database', async () => {
    const everything = await dump();
    expect(everything).toContain('ann@example.com'); // the dump does see what is there
    expect(Object.entries(secrets).filter(([, value]) => everything.includes(value))).toEqual([]);
  });

  const leaks = (text: string) => Object.entries(secrets).filter(([, value]) => text.includes(value));

  it('in the logs', () => {
    expect(app.logs()).toContain('"operation"');
    expect(leaks(app.logs())).toEqual([]);
  });

  it('in the metrics', () => {
    expect(metrics).toContain('mutation="resetPassword"');
    expect(metrics).toMatch(/^graphql_token_auth_mails_total\{result="sent"\} [1-9]/m);
    expect(leaks(metrics)).toEqual([]);
  });

  it('in the traces', async () => {
    await until(() => collector.spans.length > 0);
    expect(leaks(collector.raw())).toEqual([]);
  });
});
