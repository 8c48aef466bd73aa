import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepExpiredLinks } from '../../../src/features/links/link.ts';
import { sweepSettledMails } from '../../../src/features/mail/mail.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url } });
  for (const name of ['one', 'two']) await app.register(name, { email: `${name}@example.com` });
  await until(async () => (await app.sql('select 1 from mails where requested_at is null')).length === 2);
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const sweep = (work: typeof sweepExpiredLinks) => app.database.orm.em.fork().transactional((em) => work(em, 1000));

it('expired links are swept, the others stay', async () => {
  await app.sql("update links set expires_at = now() where email = 'one@example.com'");
  expect(await sweep(sweepExpiredLinks)).toBe(1);
  expect(await app.sql('select email from links')).toEqual([{ email: 'two@example.com' }]);
});

it('rows for an address that no account has are swept with the rest', async () => {
  await app.graphql('mutation { requestPasswordReset(input: { email: "nobody@example.org" }) { status { code } } }');
  const done = 'select id from mails where user_id is null and rehearsed_at is null';
  await until(async () => (await app.sql(done)).length === 1);
  expect(await app.sql('select email from links where user_id is null and length(email) = 64')).toHaveLength(1);
  await app.sql('update mails set next_attempt_at = now() where user_id is null');
  await app.sql('update links set expires_at = now() where user_id is null');
  expect(await sweep(sweepSettledMails)).toBe(1);
  expect(await sweep(sweepExpiredLinks)).toBe(1);
});

it('mails that were sent are swept when their minute is over, queued ones stay', async () => {
  expect(await sweep(sweepSettledMails)).toBe(0);
  await app.sql("update mails set next_attempt_at = now() where recipient = 'one@example.com'");
  await app.sql("update mails set requested_at = now() where recipient = 'two@example.com'");
  expect(await sweep(sweepSettledMails)).toBe(1);
  expect(await app.sql('select recipient from mails')).toEqual([{ recipient: 'two@example.com' }]);
});
