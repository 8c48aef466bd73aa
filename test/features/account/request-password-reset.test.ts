import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { type Mailbox, openMailbox, skipTheMinute } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const REQUEST = `mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) {
  status { code message retryAfter } errors { field code message }
} }`;

const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status { code } } }';

let mailbox: Mailbox;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url } });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const request = async (email: string) => (await app.graphql(REQUEST, { variables: { input: { email } } })).data.requestPasswordReset;

/** What a request runs on the database. What the worker runs meanwhile is left out: no answer waits for it. */
async function statementsOf(email: string): Promise<string[]> {
  const spy = vi.spyOn(app.database.orm.em.getConnection(), 'execute');
  await request(email);
  const statements = spy.mock.calls.map(([query]) => String(query));
  spy.mockRestore();
  return statements.filter((statement) => !/^\s*(with taken|update mails|insert into links)/.test(statement));
}

/** Mails to an address in any case. */
const mailsTo = (email: string) => mailbox.mails.filter(({ recipient }) => recipient.toLowerCase() === email);

/** What kinds of statements the worker runs for a request, once it has worked that off. */
async function workFor(email: string): Promise<string[]> {
  const spy = vi.spyOn(app.database.orm.em.getConnection(), 'execute');
  await request(email);
  const recipient = createHash('sha256').update(email).digest('hex');
  const isDone = "requested_at is null and rehearsed_at is null and kind = 'PASSWORD_RESET' and attempts = 0";
  await until(async () => (await app.sql(`select 1 from mails where recipient in (?, ?) and ${isDone}`, [email, recipient])).length === 1);
  const statements = spy.mock.calls.map(([query]) => /^\s*(with taken|update mails|insert into links)/.exec(String(query))?.[1] ?? '');
  spy.mockRestore();
  return [...new Set(statements.filter((statement) => statement !== ''))].sort();
}

describe('requestPasswordReset', () => {
  const sent = {
    status: { code: '200 OK', message: 'If that address belongs to an account, a mail with a link is on its way', retryAfter: null },
    errors: [],
  };

  it('answers and writes the same for known, unknown and inactive accounts and for those without a password', async () => {
    const kinds = ['known', 'inactive', 'unusable', 'nobody'];
    for (const kind of kinds.slice(0, 3)) await app.register(`asks-${kind}`, { email: `asks-${kind}@example.com` });
    await app.sql("update users set is_active = false where username = 'asks-inactive'");
    await app.sql("update users set password_hash = '!none' where username = 'asks-unusable'");
    for (const kind of kinds) expect(await request(`asks-${kind}@example.com`)).toEqual(sent);
    await mailbox.mailTo('asks-known@example.com', 2);
    await until(async () => (await app.sql('select 1 from password_reset_requests')).length === 0);
    expect(
      await app.sql(
        "select username from mails m join users u on u.id = m.user_id where kind = 'PASSWORD_RESET' and username like 'asks-%'",
      ),
    ).toEqual([{ username: 'asks-known' }]);
  });

  it('runs the same statements for an address that an account has and one that none has', async () => {
    await app.register('timed', { email: 'timed@example.com' });
    const [known, unknown] = [await statementsOf('timed@example.com'), await statementsOf('untimed@example.com')];
    expect(known).toEqual([expect.stringContaining('insert into password_reset_requests')]);
    expect(unknown).toEqual(known);
  });

  it('does the same work afterwards for an address that an account has and one that none has', async () => {
    await app.register('worked-for', { email: 'worked-for@example.com' });
    await mailbox.mailTo('worked-for@example.com');
    const pending = 'requested_at is not null or rehearsed_at is not null or attempts > 0';
    const left = `select 1 from mails where ${pending} union all select 1 from password_reset_requests`;
    await until(async () => (await app.sql(left)).length === 0);
    const [connections, tries] = [mailbox.connections(), mailbox.tries()];
    const known = await workFor('worked-for@example.com');
    expect(await workFor('worked-for-nobody@example.com')).toEqual(known);
    expect(known).toEqual(['insert into links', 'update mails', 'with taken']);
    expect([mailbox.connections() - connections, mailbox.tries() - tries]).toEqual([2, 1]);
    expect(mailbox.mails.filter(({ recipient }) => recipient.startsWith('worked-for-'))).toEqual([]);
    expect(await app.sql("select 1 from mails where recipient like 'worked-for-%'")).toEqual([]); // nothing of what was typed stays
  });

  it('sends one mail for all accounts with that address, in any spelling, with the name and a link of its own for each', async () => {
    for (const username of ['twin-a', 'twin-b']) await app.register(username, { email: 'Twins@example.com' });
    await app.register('twin-c', { email: 'twins@example.com' });
    await until(() => mailsTo('twins@example.com').length === 3);
    await request('tWINS@EXAMPLE.com');
    const { text = '', html, subject } = await mailbox.mailTo('Twins@example.com', 3);
    expect(subject).toBe('Reset your password');
    const listed = [...text.matchAll(/“(twin-.)”:\nhttp\S+token=(\w+)/g)].map(([, name, token = '']) => ({ name, token }));
    expect(listed.map(({ name }) => name)).toEqual(['twin-a', 'twin-b', 'twin-c']);
    for (const { name, token } of listed) {
      expect(html).toContain(`token=${token}">`);
      const input = { token, newPassword: `cl4rinet-Basalt-${name}` };
      const { data } = await app.graphql(RESET, { variables: { input } });
      expect(data.resetPassword.status.code).toBe('200 OK');
    }
    expect(mailsTo('twins@example.com').filter((mail) => mail.subject === 'Reset your password')).toHaveLength(1);
    const verified = await app.sql("select username from users where lower(email) = 'twins@example.com' and email_verified order by id");
    expect(verified).toEqual([{ username: 'twin-a' }]); // a verified address belongs to one account, in any spelling
  });

  it('goes to the spelling that an account has verified, with links to the accounts that have another one', async () => {
    for (const username of ['careful', 'Careful2']) await app.register(username, { email: `${username.slice(0, 7)}@example.com` });
    await until(() => mailsTo('careful@example.com').length === 2);
    await app.sql("update users set email_verified = true where username = 'Careful2'");
    await request('careful@example.com');
    const { text = '' } = await mailbox.mailTo('Careful@example.com', 2);
    expect([...text.matchAll(/“(.*?)”/g)].map(([, name]) => name)).toEqual(['Careful2', 'careful']);
  });

  it('lists at most 20 accounts, the verified ones first, then the oldest', async () => {
    const crowd = Array.from({ length: 25 }, (_, n) => `crowd-${n}`);
    await app.register('crowd', { email: 'first@example.com' });
    await app.sql(
      `insert into users (username, email, password_hash, email_verified)
       select 'crowd-' || n, 'crowd@example.com', 'x', n = 24 from generate_series(0, 24) n`,
    );
    await request('crowd@example.com');
    const { text = '' } = await mailbox.mailTo('crowd@example.com');
    expect([...text.matchAll(/“(crowd-.*?)”/g)].map(([, name]) => name)).toEqual(['crowd-24', ...crowd.slice(0, 19)]);
    expect(text).toContain('Only 20 accounts are listed.');
  });

  it.each(['user@localhost', 'a..b@docomo.ne.jp', 'Ünïcode@exämple.example'])(
    'finds the account by %s, whatever its form',
    async (email) => {
      const { id } = await app.register(`imported-${email.length}`);
      await app.sql('update users set email = ? where id = ?', [email, id]);
      expect(await request(`  ${email.toUpperCase()} `)).toEqual(sent);
      await until(async () => (await app.sql("select 1 from mails where user_id = ? and kind = 'PASSWORD_RESET'", [id])).length === 1);
      expect(await app.sql('select recipient from mails where user_id = ?', [id])).toEqual([{ recipient: email }]);
    },
  );

  it('sends no second mail within a minute, and the second request’s afterwards', async () => {
    const email = 'impatient@example.com';
    const { id } = await app.register('impatient', { email });
    await request(email);
    await mailbox.mailTo(email, 2);
    await request(email);
    const queued = () => app.sql("select next_attempt_at > now() as waits from mails where user_id = ? and kind = 'PASSWORD_RESET'", [id]);
    await until(async () => (await app.sql('select 1 from password_reset_requests')).length === 0);
    expect(await queued()).toEqual([{ waits: true }]);
    expect(mailbox.mails.filter(({ recipient }) => recipient === email)).toHaveLength(2);
    await skipTheMinute(app, id);
    expect(await mailbox.tokenTo(email, 3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each(['nowhere', 'a@b', 'a\r\nBcc: b@example.com', '漢'.repeat(254)])('looks up %j, which no account has', async (email) => {
    expect(await request(email)).toEqual(sent);
    await until(async () => (await app.sql('select 1 from password_reset_requests')).length === 0);
  });

  it.each([
    { email: '', code: 'BLANK' },
    { email: ' \n', code: 'BLANK' },
    { email: 'a\0@example.com', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
    { email: 'a\ud800@example.com', code: 'INVALID' },
    { email: `${'x'.repeat(250)}@example.com`, code: 'MAX_LENGTH' },
  ])('refuses $email with $code', async ({ email, code }) => {
    expect(await request(email)).toMatchObject({ status: { code: '400 BAD REQUEST' }, errors: [{ field: 'email', code }] });
  });
});
