import escapeHtml from 'validator/lib/escape.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { type Mailbox, openMailbox, skipTheMinute, tokenOf } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

describe('a mail', () => {
  let mailbox: Mailbox;
  let app: TestApp;
  beforeAll(async () => {
    mailbox = await openMailbox();
    app = await createTestApp({ env: { SMTP_URL: mailbox.url, EMAIL_FROM: 'Exämple & Co <no-reply@example.com>' } });
  });
  afterAll(async () => {
    await app.close();
    await mailbox.close();
  });

  it('has a text and an HTML part with the same link, a sender, and asks for no automatic reply', async () => {
    await app.register('reader', { email: 'reader@example.com' });
    const mail = await mailbox.mailTo('reader@example.com');
    expect(mail.from?.text).toBe('"Exämple & Co" <no-reply@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(tokenOf(mail)).toMatch(/^[0-9a-f]{40}$/);
    expect(mail.html).toContain(`token=${tokenOf(mail)}">`);
    expect(mail.html).toContain('“reader”');
  });

  const names = [
    { name: '<b>bold', shown: '<b>bold' },
    { name: `"'&lt;`, shown: `"'&lt;` },
    { name: 'Zoë😀漢字', shown: 'Zoë😀漢字' },
    { name: '{token}', shown: '{token}' },
    { name: '$&', shown: '$&' },
    { name: '</p><script>alert(1)</script>', shown: '<[/]p><script>alert(1)<[/]script>' },
    { name: 'a\r\nBcc: thief@example.com', shown: 'a Bcc[:] thief[@]example[.]com' },
    { name: 'evil.example/path', shown: 'evil[.]example[/]path' },
    { name: 'https://evil.example', shown: 'https[:][/][/]evil[.]example' },
    { name: 'www.evil.example', shown: 'www[.]evil[.]example' },
    { name: 'mailto:thief@evil.example', shown: 'mailto[:]thief[@]evil[.]example' },
    { name: '\\\\evil\\share', shown: '[\\][\\]evil[\\]share' },
    { name: 'evil。example．com', shown: 'evil[。]example[．]com' },
    { name: `${'long'.repeat(30)}.example`, shown: `${'long'.repeat(9)}lon…` },
  ];

  it.each(names)('shows the name $name without a link, in text and in HTML, and puts none of it into a header', async ({ name, shown }) => {
    const n = names.findIndex((one) => one.name === name);
    const email = `name-${n}@example.com`;
    const { id } = await app.register(`plain-${n}`, { email });
    await mailbox.mailTo(email);
    await app.sql('update users set username = ? where id = ?', [name, id]);
    await app.sql('update mails set requested_at = clock_timestamp() where user_id = ?', [id]);
    await skipTheMinute(app, id);
    const mail = await mailbox.mailTo(email, 2);
    expect(mail.text).toContain(`“${shown}”`);
    expect(mail.html).toContain(`“${escapeHtml.default(shown)}”`);
    expect(mail.html).not.toMatch(/<b>|<script/);
    expect(mail.subject).toBe('Confirm your email address');
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mailbox.mails.some(({ recipient }) => recipient.includes('thief'))).toBe(false);
  });

  it('shows the whole name once the account has confirmed the address: it is what its owner signs in with', async () => {
    const { id } = await app.register('ann.of.example', { email: 'ann@example.com' });
    await mailbox.mailTo('ann@example.com');
    await app.sql('update users set email_verified = true where id = ?', [id]);
    await app.graphql('mutation { requestPasswordReset(input: { email: "ann@example.com" }) { status { code } } }');
    const mail = await mailbox.mailTo('ann@example.com', 2);
    expect(mail.text).toContain('“ann.of.example”');
    expect(mail.html).toContain('“ann.of.example”');
  });

  it.each(['"a,thief@example.com,b"@example.com', 'x@example.com\r\nBcc: thief@example.com', 'x@example.com, thief@example.com'])(
    'goes to nobody else for the address %j',
    async (address) => {
      const { id } = await app.register(`address-${address.length}`, { email: `address-${address.length}@example.com` });
      await mailbox.mailTo(`address-${address.length}@example.com`);
      const before = mailbox.mails.length;
      await app.sql('update users set email = ? where id = ?', [address, id]);
      await app.sql('update mails set recipient = ?, requested_at = clock_timestamp() where user_id = ?', [address, id]);
      await skipTheMinute(app, id);
      await until(async () => {
        const [row] = await app.sql('select next_attempt_at > now() as tried from mails where user_id = ?', [id]);
        return row?.tried === true;
      });
      await app.sql('delete from mails where user_id = ?', [id]);
      expect(mailbox.mails.slice(before).filter(({ recipient }) => recipient === 'thief@example.com')).toEqual([]);
    },
  );
});
