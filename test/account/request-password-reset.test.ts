import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Mailbox, openMailbox, skipTheMinute } from '../support/mailbox.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

const REQUEST = `mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) {
  status { code message retryAfter } errors { field code message }
} }`;

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

describe('requestPasswordReset', () => {
  const sent = {
    status: { code: '200 OK', message: 'If that address belongs to an account, a mail with a link is on its way', retryAfter: null },
    errors: [],
  };

  it('answers alike for known, unknown and inactive people and for those without a password, and writes alike', async () => {
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

  it('takes the same statements for an address that somebody has and one that nobody has', async () => {
    await app.register('timed', { email: 'timed@example.com' });
    const [known, unknown] = [await statementsOf('timed@example.com'), await statementsOf('untimed@example.com')];
    expect(known).toEqual([expect.stringContaining('insert into password_reset_requests')]);
    expect(unknown).toEqual(known);
  });

  it('sends one mail to each account with that address, in any spelling, each with its username and its own link', async () => {
    for (const username of ['twin-a', 'twin-b']) {
      await app.register(username, { email: 'Twins@example.com' });
    }
    await mailbox.mailTo('Twins@example.com', 2);
    await request('tWINS@EXAMPLE.com');
    const mails = [await mailbox.mailTo('Twins@example.com', 3), await mailbox.mailTo('Twins@example.com', 4)];
    expect(mails.map(({ text = '' }) => /“(.*)”/.exec(text)?.[1]).sort()).toEqual(['twin-a', 'twin-b']);
    const links = mails.map(({ text = '' }) => /token=(\w+)/.exec(text)?.[1]);
    expect(new Set(links).size).toBe(2);
  });

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

  it.each([
    { email: 'nowhere', code: 'INVALID' },
    { email: 'a@b', code: 'INVALID' },
    { email: 'a\r\nBcc: b@example.com', code: 'INVALID' },
    { email: '', code: 'BLANK' },
    { email: `${'x'.repeat(250)}@example.com`, code: 'MAX_LENGTH' },
  ])('refuses $email: it is no address', async ({ email, code }) => {
    expect(await request(email)).toMatchObject({ status: { code: '400 BAD REQUEST' }, errors: [{ field: 'email', code }] });
  });
});
