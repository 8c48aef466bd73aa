import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CTRL_C, ENTER, type ManageDialog, openManageDialog, runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';

const FRESH = 'clarinet-Basalt-27';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { username } token } }';

let app: TestApp;
let bob: { id: string; token: string };
beforeAll(async () => {
  app = await createTestApp();
  bob = await app.register('bob', { email: 'bob@example.com' });
  await app.register('ann');
});
afterAll(() => app.close());

type Given = { env?: Record<string, string>; input?: string; options?: string[]; username?: string };
const change = ({ options = [], username = 'bob', ...given }: Given) =>
  runManage(['changepassword', username, '--noinput', ...options], { beside: app, ...given });

const canLogIn = async (username: string, password: string): Promise<boolean> =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login.user !== null;

async function choose(dialog: ManageDialog, password: string, again = password): Promise<void> {
  await dialog.answer('Password: ', password + ENTER);
  await dialog.answer('Password (again): ', again + ENTER);
}

describe('changepassword --noinput', () => {
  it('takes the password from NEW_PASSWORD, ends all tokens, notes it and tells the user', async () => {
    const stdout = "Password changed successfully for user 'bob'\nTokens ended: 1\n";
    expect(await change({ env: { NEW_PASSWORD: FRESH } })).toEqual({ code: 0, stdout, stderr: '' });
    expect([await canLogIn('bob', GOOD_PASSWORD), await canLogIn('bob', FRESH)]).toEqual([false, true]);
    expect((await app.graphql('{ hello }', { token: bob.token })).errors[0]?.extensions.reason).toBe('INVALID');
    const events = await app.sql(
      "select kind, ip_address from security_events where user_id = ? and kind like any(array['PASSWORD%', 'TOKEN%']) order by id",
      [bob.id],
    );
    expect(events).toEqual(['TOKEN_REVOKED', 'PASSWORD_CHANGED'].map((kind) => ({ kind, ip_address: null })));
    expect(await app.sql("select recipient from mails where kind = 'PASSWORD_CHANGED'")).toEqual([{ recipient: 'bob@example.com' }]);
  });

  it.each([
    ['as it is', `${FRESH}1`],
    ['without the line end', `${FRESH}2\n`],
    ['without that of Windows', `${FRESH}3\r\n`],
  ])('takes it from standard input %s', async (_how, input) => {
    expect(await change({ input, options: ['--json'] })).toMatchObject({ code: 0, stderr: '' });
    expect(await canLogIn('bob', input.trim())).toBe(true);
  });

  it('takes a weak one when it is told to, and still none that cannot be hashed', async () => {
    await app.register('weakling');
    const given = { username: 'weakling', options: ['--allow-weak-password'] };
    expect(await change({ ...given, input: '12345' })).toMatchObject({ code: 0, stderr: '' });
    expect(await canLogIn('weakling', '12345')).toBe(true);
    expect(await change({ ...given, input: 'a\0b' })).toMatchObject({ code: 1, stderr: 'Null characters are not allowed.\n' });
  });

  it.each<[string, Given, string, string]>([
    ['an unknown user', { username: 'nobody', input: FRESH }, 'USER_NOT_FOUND', "user 'nobody' does not exist"],
    ['another spelling', { username: 'BOB', input: FRESH }, 'USER_NOT_FOUND', "user 'BOB' does not exist"],
    ['an empty password', { env: { NEW_PASSWORD: '' } }, 'PASSWORD_REFUSED', 'This field cannot be blank.'],
    ['no password', {}, 'PASSWORD_REFUSED', 'This field cannot be blank.'],
    [
      'a bad password, with every reason',
      { input: '12345' },
      'PASSWORD_REFUSED',
      'This password is too short. It must contain at least 8 characters.\nThis password is too common.\nThis password is entirely numeric.',
    ],
    ['one like the user', { input: 'bob@example.com' }, 'PASSWORD_REFUSED', 'The password is too similar to the email address.'],
    ['a file by mistake', { input: 'x'.repeat(70_000) }, 'PASSWORD_REFUSED', 'Standard input is too long for a password.'],
  ])('refuses %s, and changes nothing', async (_what, given, code, message) => {
    const before = await app.sql('select * from users order by id');
    expect(await change(given)).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
    const scripted = await change({ ...given, options: ['--json'] });
    expect(scripted).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(scripted.stdout)).toMatchObject({ error: { code, message } });
    expect(await app.sql('select * from users order by id')).toEqual(before);
  });

  it('is what a script has to say', async () => {
    const { code, stderr } = await runManage(['changepassword', 'bob'], { beside: app, input: `${FRESH}\n${FRESH}\n` });
    expect(code).toBe(1);
    expect(stderr).toContain('--noinput');
  });
});

describe('changepassword at a terminal', () => {
  const open = (...options: string[]) => openManageDialog(['changepassword', 'ann', ...options], { beside: app });

  it('asks twice, shows nothing of it and changes the password', async () => {
    const dialog = open();
    await choose(dialog, FRESH);
    expect(await dialog.ended()).toBe(0);
    expect(dialog.screen().split(/\r?\n/)).toEqual([
      "Changing password for user 'ann'",
      'Password: ',
      'Password (again): ',
      "Password changed successfully for user 'ann'",
      'Tokens ended: 1',
      '',
    ]);
    expect(await canLogIn('ann', FRESH)).toBe(true);
  });

  it('gives three tries, as Django does', async () => {
    const dialog = open();
    await choose(dialog, FRESH, 'other');
    await dialog.answer('Passwords do not match. Please try again.', '');
    await choose(dialog, 'ann');
    await dialog.answer('The password is too similar to the username.', '');
    await choose(dialog, '1');
    expect(await dialog.ended()).toBe(1);
    expect(dialog.screen()).toMatch(/Aborting password change for user 'ann' after 3 attempts\n$/);
    expect(await canLogIn('ann', FRESH)).toBe(true);
  });

  it('succeeds at the third try, and keeps the dialog out of the JSON', async () => {
    const dialog = open('--json');
    for (const bad of ['1', '2']) await choose(dialog, bad);
    await choose(dialog, `${FRESH}9`);
    expect(await dialog.ended()).toBe(0);
    expect(JSON.parse(dialog.stdout())).toMatchObject({ username: 'ann' });
    expect(await canLogIn('ann', `${FRESH}9`)).toBe(true);
  });

  it.each([
    ['Ctrl+C', CTRL_C],
    ['an empty line', ENTER],
  ])('is cancelled by %s', async (_what, keys) => {
    const dialog = open();
    await dialog.answer('Password: ', keys);
    expect(await dialog.ended()).toBe(1);
  });
});
