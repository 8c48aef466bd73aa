import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { loginFrom, THROTTLED, tally, times, WRONG } from '../../support/client/logins.ts';
import { type Mailbox, openMailbox, tokenOf } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

const HOME = '198.51.100.7';
const ELSEWHERE = '198.51.100.8';
const FRESH = 'cl4rinet-Basalt-22';

const env = {
  THROTTLE: 'on',
  THROTTLE_LOGIN_ACCOUNT: '3/5m',
  THROTTLE_LOGIN_EVERYWHERE: '8/1h',
  THROTTLE_LOGIN_ADDRESS: '5000/5m',
  THROTTLE_REGISTER: '5000/1h',
  TRUST_PROXY: '1',
};

let app: TestApp;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({
    env: { ...env, SMTP_URL: mailbox.url, PASSWORD_RESET_URL: 'https://app.example.com/reset?token={token}' },
  });
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});
beforeEach(() => app.sql('delete from attempts'));

const login = (address: string, username: string, password = GOOD_PASSWORD) => loginFrom(app, address, username, password);
const isIn = async (...args: Parameters<typeof login>): Promise<boolean> => (await login(...args)).token !== null;
const mailsTo = (address: string) => mailbox.mails.filter(({ recipient }) => recipient === address);

/** Somebody who registered at 127.0.0.1, where no test logs in from. */
async function person(username: string) {
  const email = `${username}@example.com`;
  const account = await app.register(username, { email });
  await mailbox.mailTo(email);
  return { ...account, username, email };
}

/** Uses up what strangers may fail at an account, each from an address of their own. */
const attack = (username: string, addresses = 8) => times(addresses, (n) => login(`203.0.113.${n}`, username, WRONG));

describe('wrong passwords of a stranger', () => {
  it('lock the account to the address that they come from, and to no other', async () => {
    await person('one');
    await times(3, () => login('203.0.113.1', 'one', WRONG));
    expect((await login('203.0.113.1', 'one')).status.code).toBe(THROTTLED);
    expect(await isIn(ELSEWHERE, 'one')).toBe(true);
  });

  it('lock it, once they are too many in an hour from everywhere, to all addresses but those of its owner', async () => {
    await person('two');
    expect(await isIn(HOME, 'two')).toBe(true);
    expect(tally(await attack('two', 20))).toEqual({ '400 BAD REQUEST': 8, [THROTTLED]: 12 });
    const { status } = await login(ELSEWHERE, 'two');
    expect(status.code).toBe(THROTTLED);
    expect(status.retryAfter).toBeGreaterThan(3500);
    for (let n = 0; n < 3; n++) expect(await isIn(HOME, 'two')).toBe(true);
  });

  it('lock a name that nobody has just the same', async () => {
    await person('known');
    expect(tally(await attack('nobody-here', 12))).toEqual(tally(await attack('known', 12)));
    expect((await login(HOME, 'nobody-here')).status.code).toBe(THROTTLED);
  });

  it.each([
    { what: 'empty', password: '' },
    { what: 'longer than any', password: 'x'.repeat(5000) },
    { what: 'with a NUL', password: 'a\0b' },
    { what: 'no Unicode', password: 'a\ud800b' },
  ])('count and are noted when they are $what', async ({ what, password }) => {
    const { id } = await person(`unhashable-${what.replaceAll(' ', '-')}`);
    const username = `unhashable-${what.replaceAll(' ', '-')}`;
    await times(3, () => login(ELSEWHERE, username, password));
    expect((await login(ELSEWHERE, username)).status.code).toBe(THROTTLED);
    const failed = () => app.sql("select 1 from security_events where user_id = ? and kind = 'LOGIN_FAILED'", [id]);
    await until(async () => (await failed()).length === 3);
    expect(await isIn(HOME, username)).toBe(true);
  });
});

describe('an account that is locked under its address', () => {
  it('opens to the places of its owner, under either name', async () => {
    await person('dora');
    await app.sql("update users set email_verified = true where username = 'dora'");
    await login(HOME, 'dora');
    await attack('dora@example.com');
    expect((await login(ELSEWHERE, 'DORA@example.com')).status.code).toBe(THROTTLED);
    expect(await isIn(HOME, 'dora@example.com')).toBe(true);
    expect(await isIn(ELSEWHERE, 'dora')).toBe(true);
  });

  it('opens with another password, be the address verified or the username itself', async () => {
    const emma = await person('emma');
    await app.sql("update users set email_verified = true where username = 'emma'");
    const named = await app.register('fay@example.org');
    for (const [{ token }, name] of [
      [emma, 'emma@example.com'],
      [named, 'fay@example.org'],
    ] as const) {
      await attack(name);
      expect((await login(ELSEWHERE, name)).status.code).toBe(THROTTLED);
      const input = { currentPassword: GOOD_PASSWORD, newPassword: FRESH };
      await app.graphql('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { ok } } }', {
        token,
        variables: { input },
      });
      expect(await isIn(ELSEWHERE, name, FRESH)).toBe(true);
    }
  });
});

describe('the addresses of an owner', () => {
  it('have a budget of their own while the account is locked to strangers', async () => {
    await person('careless');
    await login(HOME, 'careless');
    await attack('careless');
    expect(tally(await times(5, () => login(HOME, 'careless', WRONG)))).toEqual({ '400 BAD REQUEST': 3, [THROTTLED]: 2 });
    const { status } = await login(HOME, 'careless');
    expect(status.code).toBe(THROTTLED);
    expect(status.retryAfter).toBeLessThanOrEqual(300);
  });

  it('are those of registration, too', async () => {
    const input = { username: 'registered', password: GOOD_PASSWORD };
    const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { token } }';
    await app.graphql(REGISTER, { variables: { input }, headers: { 'X-Forwarded-For': HOME } });
    await attack('registered');
    expect([await isIn(HOME, 'registered'), await isIn(ELSEWHERE, 'registered')]).toEqual([true, false]);
  });

  it('are /64 for IPv6', async () => {
    await person('six');
    await login('2001:db8:0:1::1', 'six');
    await attack('six');
    expect(await isIn('2001:db8:0:1:ffff::2', 'six')).toBe(true);
    expect(await isIn('2001:db8:0:2::1', 'six')).toBe(false);
  });

  it('are not those where somebody else signs in, nor where logins failed', async () => {
    await person('mine');
    await person('yours');
    await login(HOME, 'yours');
    await login(HOME, 'mine', WRONG);
    await attack('mine', 7);
    expect(await isIn(HOME, 'mine')).toBe(false);
  });

  it('are forgotten after 30 days, swept or not, and with the account', async () => {
    const { id } = await person('moved');
    const places = () => app.sql('select host(block) as place from sign_in_places where user_id = ? order by 1', [id]);
    await login(HOME, 'moved');
    await login(ELSEWHERE, 'moved');
    expect(await places()).toEqual(['127.0.0.1', HOME, ELSEWHERE].map((place) => ({ place })));
    await app.sql("update sign_in_places set last_at = now() - interval '30 days' where user_id = ? and block = ?::cidr", [id, HOME]);
    await attack('moved');
    expect([await isIn(HOME, 'moved'), await isIn(ELSEWHERE, 'moved')]).toEqual([false, true]);
    await runManage(['prune'], { beside: app });
    expect(await places()).toEqual(['127.0.0.1', ELSEWHERE].map((place) => ({ place })));
    await app.sql('delete from users where id = ?', [id]);
    expect(await places()).toEqual([]);
  });
});

describe('a lock', () => {
  it('is noted with the address of the failure that made it, and one mail tells the owner', async () => {
    const { id, email } = await person('told');
    await login(HOME, 'told');
    await times(3, () => login('203.0.113.77', 'told', WRONG));
    await times(4, (n) => login(`203.0.113.${n}`, 'told', WRONG));
    await login('203.0.113.99', 'told', WRONG);
    await times(9, (n) => login(`203.0.113.${n}`, 'told', WRONG));
    for (let n = 0; n < 2; n++) await login(ELSEWHERE, 'told'); // the owner, on the way
    const { subject, text } = await mailbox.mailTo(email, 2);
    expect(subject).toBe('Too many failed attempts to sign in');
    expect(text).toContain('told');
    const throttled = () => app.sql("select ip_address from security_events where user_id = ? and kind = 'THROTTLED' order by id", [id]);
    await until(async () => (await throttled()).length === 2);
    expect(await throttled()).toEqual([{ ip_address: '203.0.113.77' }, { ip_address: '203.0.113.99' }]);
    await until(async () => (await app.sql('select kind from mails where user_id = ? and requested_at is not null', [id])).length === 0);
    expect(mailsTo(email)).toHaveLength(2); // with the one that verifies the address
  });

  it('of one address alone leaves the mailbox in peace', async () => {
    const { id, email } = await person('undisturbed');
    await times(6, () => login(ELSEWHERE, 'undisturbed', WRONG));
    await until(async () => (await app.sql("select 1 from security_events where user_id = ? and kind = 'THROTTLED'", [id])).length === 1);
    expect(await app.sql("select 1 from mails where user_id = ? and kind = 'ACCOUNT_LOCKED'", [id])).toEqual([]);
    expect(mailsTo(email)).toHaveLength(1);
  });
});

describe('both locks of an account are lifted', () => {
  /** Somebody whose account is locked to strangers, and to ELSEWHERE besides. */
  async function locked(username: string) {
    const account = await person(username);
    await times(3, () => login(ELSEWHERE, username, WRONG));
    await attack(username);
    expect((await login(ELSEWHERE, username)).status.code).toBe(THROTTLED);
    expect((await login('203.0.113.200', username)).status.code).toBe(THROTTLED);
    return account;
  }

  async function expectOpen(username: string, password = GOOD_PASSWORD) {
    for (const address of [ELSEWHERE, '203.0.113.200']) expect((await login(address, username, password)).status.code).toBe('200 OK');
  }

  it('by a reset, and the next lock leaves the address open from which that was made', async () => {
    const { email } = await locked('resetting');
    await app.graphql(`mutation { requestPasswordReset(input: { email: "${email}" }) { status { code } } }`);
    await until(() => mailsTo(email).some((mail) => tokenOf(mail) !== '' && mail.subject === 'Reset your password'));
    const token = mailsTo(email)
      .map((mail) => (mail.subject === 'Reset your password' ? tokenOf(mail) : ''))
      .join('');
    const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status { code } } }';
    const options = { variables: { input: { token, newPassword: FRESH } }, headers: { 'X-Forwarded-For': '192.0.2.50' } };
    expect((await app.graphql(RESET, options)).data.resetPassword.status.code).toBe('200 OK');
    await expectOpen('resetting', FRESH);
    await attack('resetting');
    expect([await isIn('192.0.2.50', 'resetting', FRESH), await isIn('192.0.2.51', 'resetting', FRESH)]).toEqual([true, false]);
  });

  it('by changePassword', async () => {
    const { token } = await locked('changing');
    const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }';
    await app.graphql(CHANGE, { token, variables: { input: { currentPassword: GOOD_PASSWORD, newPassword: FRESH } } });
    await expectOpen('changing', FRESH);
  });

  it('by the command changepassword', async () => {
    await locked('commanded');
    const { code } = await runManage(['changepassword', 'commanded', '--noinput'], { beside: app, env: { NEW_PASSWORD: FRESH } });
    expect(code).toBe(0);
    await expectOpen('commanded', FRESH);
  });

  it.each([
    { act: 'sendPasswordReset', rest: '' },
    { act: 'setUserActive', rest: ', isActive: true' },
  ])('by $act of staff; not by another act', async ({ act, rest }) => {
    const staff = await person(`staff-${act}`);
    await app.sql('update users set is_staff = true where id = ?', [staff.id]);
    const { id, username } = await locked(`helped-${act}`);
    const perform = (name: string, more: string) =>
      app.graphql(`mutation { ${name}(input: { id: "${id}"${more} }) { status { code } } }`, { token: staff.token });
    await perform('revokeUserTokens', '');
    expect((await login(ELSEWHERE, username)).status.code).toBe(THROTTLED);
    expect((await perform(act, rest)).data[act].status.code).toBe('200 OK');
    await expectOpen(username);
  });
});
