import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CTRL_C, CTRL_D, ENTER, type Ended, type ManageTerminal, openManageDialog, runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } user { username email isStaff } } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

type Given = { options?: string[]; username?: string; email?: string; password?: string };

const createsuperuser = ({ options = [], username, email, password }: Given): Promise<Ended> =>
  runManage(['createsuperuser', '--noinput', ...options], {
    beside: app,
    env: {
      ...(username !== undefined && { SUPERUSER_USERNAME: username }),
      ...(email !== undefined && { SUPERUSER_EMAIL: email }),
      ...(password !== undefined && { SUPERUSER_PASSWORD: password }),
    },
  });

const created = { code: 0, stdout: 'Superuser created successfully.\n', stderr: '' };
const refused = (sentence: string) => ({ code: 1, stdout: '', stderr: `${sentence}\n` });

describe('createsuperuser --noinput', () => {
  it('makes the superuser that the environment describes', async () => {
    expect(await createsuperuser({ username: 'Root', email: 'root@EXAMPLE.com', password: GOOD_PASSWORD })).toEqual(created);
    const { data } = await app.graphql(LOGIN, { variables: { input: { username: 'Root', password: GOOD_PASSWORD } } });
    expect(data.login.user).toEqual({ username: 'Root', email: 'root@example.com', isStaff: true });
    const rows = await app.sql("select canonical_username, is_superuser, is_active from users where username = 'Root'");
    expect(rows).toEqual([{ canonical_username: 'ROOT', is_superuser: true, is_active: true }]);
  });

  it('prefers options, and takes an empty address and, told so, a weak password', async () => {
    const options = ['--username', 'chosen', '--email', '', '--allow-weak-password'];
    const given = { options, username: 'root', email: 'other@example.com', password: '12345' };
    expect(await createsuperuser(given)).toEqual(created);
    const { data } = await app.graphql(LOGIN, { variables: { input: { username: 'chosen', password: '12345' } } });
    expect(data.login.user).toEqual({ username: 'chosen', email: '', isStaff: true });
  });

  it('makes an account that cannot log in when there is no password; it can be given a token', async () => {
    expect(await createsuperuser({ username: 'robot', email: '' })).toEqual(created);
    const { stdout } = await runManage(['create-token', 'robot'], { beside: app });
    const token = /[0-9a-f]{40}/.exec(stdout)?.[0] ?? '';
    const [robot] = await app.sql("select password_hash from users where username = 'robot'");
    expect(robot?.password_hash).toMatch(/^![0-9a-f]{40}$/);
    for (const password of [String(robot?.password_hash), '!', 'robot']) {
      const { data } = await app.graphql(LOGIN, { variables: { input: { username: 'robot', password } } });
      expect(data.login.status.code).toBe('400 BAD REQUEST');
    }
    expect((await app.graphql('{ me { username } }', { token })).data).toEqual({ me: { username: 'robot' } });
  });

  it.each<[string, Given, string]>([
    ['no username', { email: '' }, 'You must use --username with --noinput, or set SUPERUSER_USERNAME.'],
    ['no address', { username: 'x' }, 'You must use --email with --noinput, or set SUPERUSER_EMAIL; empty means none.'],
    ['a blank username', { username: '', email: '' }, 'Username cannot be blank.'],
    ['a blank username option', { options: ['--username', ''], username: 'x', email: '' }, 'Username cannot be blank.'],
    [
      'a username with a space',
      { username: 'a b', email: '' },
      'Error: Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
    ],
    ['a taken username in another spelling', { username: 'ROOT', email: '' }, 'Error: That username is already taken.'],
    ['a bad address', { username: 'x', email: 'nonsense' }, 'Error: Enter a valid email address.'],
    ['a blank password', { username: 'x', email: '', password: '' }, "Error: Blank passwords aren't allowed."],
    [
      'a weak password, with every reason',
      { username: 'x', email: '', password: '12345' },
      'Error: This password is too short. It must contain at least 8 characters.; This password is too common.; This password is entirely numeric.',
    ],
    [
      'a password like the address',
      { username: 'x', email: 'quartz-trombone@example.com', password: 'quartz-trombone' },
      'Error: The password is too similar to the email address.',
    ],
    [
      'an endless password, whatever is allowed',
      { options: ['--allow-weak-password'], username: 'x', email: '', password: 'x'.repeat(4097) },
      'Error: Ensure this value has at most 4096 characters (it has 4097).',
    ],
    [
      'an endless password',
      { username: 'x', email: '', password: 'x'.repeat(4097) },
      'Error: Ensure this value has at most 4096 characters (it has 4097).',
    ],
  ])('refuses %s in one sentence', async (_what, given, sentence) => {
    expect(await createsuperuser(given)).toEqual(refused(sentence));
  });

  it('refuses a weak password by PASSWORD_REFUSED for scripts, and makes nobody', async () => {
    const { code, stdout } = await createsuperuser({ options: ['--json'], username: 'scripted', email: '', password: 'abc' });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'PASSWORD_REFUSED',
      details: [expect.stringContaining('too short'), expect.stringContaining('too common')],
    });
    expect(await app.sql("select 1 from users where username = 'scripted'")).toEqual([]);
  });

  it('of several at once under one name, makes one', async () => {
    const attempts = await Promise.all(['same', 'Same', 'SAME'].map((username) => createsuperuser({ username, email: '' })));
    expect(attempts.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
    for (const { stderr } of attempts.filter(({ code }) => code === 1)) expect(stderr).toBe('Error: That username is already taken.\n');
  });
});

describe('createsuperuser without a terminal', () => {
  it('does not wait for answers that nobody can hide', async () => {
    const ended = await runManage(['createsuperuser'], { beside: app, input: `ann\n\n${GOOD_PASSWORD}\n${GOOD_PASSWORD}\n` });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^Superuser creation skipped due to not running in a TTY\. .*npm run manage createsuperuser.*\n$/);
  });
});

const BYPASS = 'Bypass password validation and create user anyway? [y/N]: ';
const CREATED = 'Superuser created successfully.';

const open = (...options: string[]) => openManageDialog(['createsuperuser', ...options], { beside: app });
const openAtPassword = (username: string) => open('--username', username, '--email', '');

async function choose(terminal: ManageTerminal, password: string, again = password): Promise<void> {
  await terminal.answer('Password: ', password + ENTER);
  await terminal.answer('Password (again): ', again + ENTER);
}

async function expectLogin(username: string, password: string, user: Record<string, unknown> = { username }): Promise<void> {
  const { data } = await app.graphql(LOGIN, { variables: { input: { username, password } } });
  expect(data.login.user).toMatchObject({ ...user, isStaff: true });
}

describe('createsuperuser at a terminal', () => {
  it('asks for everything, shows no password and makes the superuser', async () => {
    const terminal = open();
    await terminal.answer('Username: ', `Ada${ENTER}`);
    await terminal.answer('Email address: ', `Ada@EXAMPLE.com${ENTER}`);
    await choose(terminal, GOOD_PASSWORD);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen().split(/[\r\n]+/)).toEqual([
      'Username: Ada',
      'Email address: Ada@EXAMPLE.com',
      'Password: ',
      'Password (again): ',
      CREATED,
      '',
    ]);
    await expectLogin('Ada', GOOD_PASSWORD, { username: 'Ada', email: 'Ada@example.com' });
  });

  it('asks again until username and email address are right', async () => {
    const terminal = open();
    await terminal.answer('Username: ', ENTER);
    await terminal.answer('Error: This field cannot be blank.', '');
    await terminal.answer('Username: ', `two words${ENTER}`);
    await terminal.answer('Error: Enter a valid username.', '');
    await terminal.answer('Username: ', `ADA${ENTER}`);
    await terminal.answer('Error: That username is already taken.', '');
    await terminal.answer('Username: ', `grace${ENTER}`);
    await terminal.answer('Email address: ', `nonsense${ENTER}`);
    await terminal.answer('Error: Enter a valid email address.', '');
    await terminal.answer('Email address: ', ENTER);
    await choose(terminal, GOOD_PASSWORD);
    expect(await terminal.ended()).toBe(0);
  });

  it('asks only for what no option gives, and again for what one gives wrongly', async () => {
    const terminal = open('--username', 'two words', '--email', '');
    await terminal.answer('Error: Enter a valid username.', '');
    await terminal.answer('Username: ', `lin${ENTER}`);
    await choose(terminal, GOOD_PASSWORD);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain('Email');
  });

  it('refuses passwords that differ or are blank, and lets a bad one be insisted on', async () => {
    const terminal = openAtPassword('stubborn');
    await choose(terminal, 'one', 'other');
    await terminal.answer("Error: Your passwords didn't match.", '');
    await choose(terminal, '  ');
    await terminal.answer("Error: Blank passwords aren't allowed.", '');
    await choose(terminal, 'stubborn');
    await terminal.answer('The password is too similar to the username.', '');
    await terminal.answer(BYPASS, ENTER);
    await choose(terminal, '12345');
    await terminal.answer('This password is too short. It must contain at least 8 characters.', '');
    await terminal.answer('This password is too common.', '');
    await terminal.answer('This password is entirely numeric.', '');
    await terminal.answer(BYPASS, `Y${ENTER}`);
    expect(await terminal.ended()).toBe(0);
    await expectLogin('stubborn', '12345');
  });

  it('does not let a password be insisted on that cannot be hashed', async () => {
    const terminal = openAtPassword('endless');
    await choose(terminal, 'x'.repeat(4097));
    await terminal.answer('Ensure this value has at most 4096 characters (it has 4097).', '');
    await terminal.answer('Password: ', CTRL_C);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).not.toContain(BYPASS);
  });

  it.each([
    ['Ctrl+C', CTRL_C],
    ['Ctrl+D', CTRL_D],
  ])('is cancelled by %s at any question', async (_name, keys) => {
    const early = open();
    await early.answer('Username: ', keys);
    expect(await early.ended()).toBe(1);
    const late = openAtPassword('cancelled');
    await late.answer('Password: ', GOOD_PASSWORD + ENTER);
    await late.answer('Password (again): ', keys);
    expect(await late.ended()).toBe(1);
    for (const terminal of [early, late]) expect(terminal.screen()).toMatch(/\nOperation cancelled\.\n$/);
  });
});

describe('in production', () => {
  const inProduction = { NODE_ENV: 'production', BCRYPT_COST: '10' };

  it.each([
    ['createsuperuser', '--noinput', '--username', 'weak', '--email', ''],
    ['createsuperuser', '--username', 'weak'],
    ['changepassword', 'Root', '--noinput'],
  ])('--allow-weak-password is refused: %s %s %s', async (...args) => {
    const env = { ...inProduction, SUPERUSER_PASSWORD: '12345', NEW_PASSWORD: '12345' };
    const ended = await runManage([...args, '--allow-weak-password'], { beside: app, env });
    expect(ended).toEqual(refused('NODE_ENV=production refuses --allow-weak-password. Choose a better password.'));
  });

  it('nobody is asked whether to take a weak password', async () => {
    const options = { beside: app, env: inProduction };
    const terminal = openManageDialog(['createsuperuser', '--username', 'insistent', '--email', ''], options);
    await choose(terminal, '12345');
    await terminal.answer('This password is entirely numeric.', '');
    await choose(terminal, GOOD_PASSWORD);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain(BYPASS);
  });
});

describe('a password stays off the screen', () => {
  it('when it is corrected while typing', async () => {
    const terminal = openAtPassword('corrected');
    await choose(terminal, `${GOOD_PASSWORD}x\x7f`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain('x');
    await expectLogin('corrected', GOOD_PASSWORD);
  });

  it('when somebody looks for it with the arrow keys', async () => {
    const terminal = openAtPassword('arrows');
    await choose(terminal, 'sunshine');
    await terminal.answer(BYPASS, '\x1b[A\x1b[A\x1b[A');
    await terminal.answer('', ENTER);
    await terminal.answer('Password: ', CTRL_C);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).not.toContain('sunshine');
  });
});
