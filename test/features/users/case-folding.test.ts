import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

let app: TestApp;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
  const links = 'https://app.example/?token={token}';
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: links, EMAIL_VERIFICATION_URL: links } });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

it('an address is found whatever its case, also beyond ASCII', async () => {
  await app.register('mueller', { email: 'MÜLLER@example.com' });
  await mailbox.mailTo('MÜLLER@example.com'); // the link that verifies it
  await app.graphql('mutation { requestPasswordReset(input: { email: "müller@Example.com" }) { status { code } } }');
  expect(await mailbox.tokenTo('MÜLLER@example.com', 2)).toMatch(/^[0-9a-f]{40}$/);
});

it('the folding of the database does not depend on its locale', async () => {
  const [row] = await app.sql(`select fold_case('MÜLLER ΑΒΓ ДЖ') as folded`);
  expect(row).toEqual({ folded: 'müller αβγ дж' });
});
