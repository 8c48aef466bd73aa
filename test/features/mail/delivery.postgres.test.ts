import { afterEach, describe, expect, it } from 'vitest';
import { startServerProcess } from '../../support/app/server-process.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { graphqlClient } from '../../support/client/graphql-client.ts';
import { createTestDatabase } from '../../support/database/database.ts';
import { openMailbox, openSilence } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const VERIFY = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { status { code } } }';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});
const opened = <Thing extends { close: () => Promise<void> }>(thing: Thing): Thing => {
  cleanUp.push(thing.close);
  return thing;
};

/** A mail server of their own for a test, and the app that sends by it. */
async function start(env: Record<string, string> = {}) {
  const mailbox = opened(await openMailbox());
  const app = opened(await createTestApp({ env: { SMTP_URL: mailbox.url, ...env } }));
  return { mailbox, app };
}

const rows = (app: TestApp) =>
  app.sql(
    'select requested_at is not null as queued, attempts, round(extract(epoch from next_attempt_at - now()))::int as seconds from mails',
  );
/** How many times a mail was put off. */
const putOffs = (app: TestApp) => app.logs().split('it will be tried again').length - 1;
const skipTheWait = (app: TestApp) => app.sql('update mails set next_attempt_at = now()');

describe('an SMTP server that refuses', () => {
  it('for now gets the mail again after a minute, two, four, with a fresh link', async () => {
    const { mailbox, app } = await start();
    mailbox.refuse(421);
    await app.register('patient', { email: 'patient@example.com' });
    for (const [attempts, seconds] of [60, 120, 240].entries()) {
      await until(() => putOffs(app) === attempts + 1);
      const [row] = await rows(app);
      expect(row).toMatchObject({ queued: true, attempts: attempts + 1 });
      expect(Math.abs(Number(row?.seconds) - seconds)).toBeLessThan(5);
      if (attempts === 2) mailbox.refuse(undefined);
      await skipTheWait(app);
    }
    const token = await mailbox.tokenTo('patient@example.com');
    const { data } = await app.graphql(VERIFY, { variables: { input: { token } } });
    expect(data.verifyEmail.status.code).toBe('200 OK');
    await until(async () => (await rows(app))[0]?.queued === false);
    expect(await rows(app)).toMatchObject([{ attempts: 0 }]);
    expect(app.logs()).not.toContain('token=');
  });

  it('for good does not get the mail again, and the log says so', async () => {
    const { mailbox, app } = await start();
    mailbox.refuse(550);
    await app.register('mistyped', { email: 'mistyped@example.com' });
    await until(async () => (await rows(app))[0]?.queued === false);
    expect(mailbox.tries()).toBe(1);
    await until(() => app.logs().includes('a mail was given up'));
  });

  it('for three days does not get the mail again', async () => {
    const { mailbox, app } = await start();
    mailbox.refuse(451);
    await app.register('stale', { email: 'stale@example.com' });
    await until(() => putOffs(app) === 1);
    await app.sql("update mails set requested_at = now() - interval '73 hours', next_attempt_at = now(), attempts = 40");
    await until(async () => (await rows(app))[0]?.queued === false);
    await until(() => app.logs().includes('a mail was given up'));
  });
});

describe('an SMTP server that is away', () => {
  it('delays no request and gets the mails when it comes back', async () => {
    const mailbox = await openMailbox();
    const port = Number(new URL(mailbox.url).port);
    await mailbox.close();
    const app = opened(await createTestApp({ env: { SMTP_URL: mailbox.url } }));
    await app.register('early', { email: 'early@example.com' });
    await until(() => putOffs(app) === 1);
    const back = opened(await openMailbox({ port }));
    await skipTheWait(app);
    expect(await back.tokenTo('early@example.com')).toMatch(/^[0-9a-f]{40}$/);
  });

  it('or silent delays only its mail, for SMTP_TIMEOUT: requests go on and the server can stop', async () => {
    const silence = opened(await openSilence());
    const app = await createTestApp({ env: { SMTP_URL: silence.url, SMTP_TIMEOUT: '1s' } });
    await app.register('unheard', { email: 'unheard@example.com' });
    await until(() => silence.connections() > 0);
    expect((await app.graphql('{ __typename }')).status).toBe(200);
    await until(() => putOffs(app) === 1);
    await skipTheWait(app);
    await until(() => silence.connections() > 1);
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('stopping', () => {
  it('waits for the mail that is being sent', async () => {
    const mailbox = opened(await openMailbox());
    const database = await createTestDatabase();
    cleanUp.push(database.drop);
    const app = await createTestApp({ env: { SMTP_URL: mailbox.url }, on: database });
    const release = mailbox.hold();
    await app.register('last', { email: 'last@example.com' });
    await until(() => mailbox.tries() === 1);
    const closing = app.close();
    release();
    await closing;
    expect(mailbox.mails).toHaveLength(1);
    const next = opened(await createTestApp({ env: { SMTP_URL: mailbox.url }, on: database }));
    expect(await rows(next)).toMatchObject([{ queued: false }]);
  });

  it('with kill -9 loses no mail: another node sends it after a minute', async () => {
    const silence = opened(await openSilence());
    const database = await createTestDatabase();
    cleanUp.push(database.drop);
    const first = await startServerProcess({ ...database.env, SMTP_URL: silence.url, EMAIL_FROM: 'no-reply@example.com' });
    await graphqlClient(first.url).register('bereft', { email: 'bereft@example.com' });
    await until(() => silence.connections() > 0);
    await first.stop('SIGKILL');
    const mailbox = opened(await openMailbox());
    const second = opened(await createTestApp({ env: { SMTP_URL: mailbox.url }, on: database }));
    expect(await rows(second)).toMatchObject([{ queued: true, attempts: 1 }]);
    await skipTheWait(second);
    expect(await mailbox.tokenTo('bereft@example.com')).toMatch(/^[0-9a-f]{40}$/);
  });
});
