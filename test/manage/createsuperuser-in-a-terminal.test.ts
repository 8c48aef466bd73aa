import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { GOOD_PASSWORD } from '../support/graphql-client.ts';
import { CTRL_C, CTRL_D, ENTER, type ManageTerminal, openManageTerminal } from '../support/manage.ts';
import { withApp } from '../support/with-app.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { username email isStaff } } }';
const BYPASS = 'Bypass password validation and create user anyway? [y/N]: ';
const CREATED = 'Superuser created successfully.';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const open = (...options: string[]) => openManageTerminal(['createsuperuser', ...options], { env: database.env });
const openAtPassword = (username: string) => open('--username', username, '--email', '');

async function choose(terminal: ManageTerminal, password: string, again = password): Promise<void> {
  await terminal.answer('Password: ', password + ENTER);
  await terminal.answer('Password (again): ', again + ENTER);
}

async function expectLogin(username: string, password: string, user: Record<string, unknown> = { username }): Promise<void> {
  await withApp(database, async ({ graphql }) => {
    const { data } = await graphql(LOGIN, { variables: { input: { username, password } } });
    expect(data.login.user).toMatchObject({ ...user, isStaff: true });
  });
}

describe('createsuperuser in a terminal', { timeout: 60_000 }, () => {
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
    for (const terminal of [early, late]) expect(terminal.screen()).toMatch(/\r\nOperation cancelled\.\r\n$/);
  });
});

describe('a password stays off the screen', { timeout: 60_000 }, () => {
  it('when it is corrected while typing', async () => {
    const terminal = openAtPassword('corrected');
    await choose(terminal, `${GOOD_PASSWORD}x\x7f`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain('x');
    await expectLogin('corrected', GOOD_PASSWORD);
  });

  it('when both lines are pasted at the first question', async () => {
    const terminal = openAtPassword('pasted');
    await terminal.answer('Password: ', `${GOOD_PASSWORD}${ENTER}${GOOD_PASSWORD}${ENTER}`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain(GOOD_PASSWORD);
  });

  it('when somebody looks for it with the arrow keys', async () => {
    const terminal = openAtPassword('arrows');
    await choose(terminal, 'sunshine');
    await terminal.answer(BYPASS, '\x1b[A\x1b[A\x1b[A');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await terminal.answer('', ENTER);
    await terminal.answer('Password: ', CTRL_C);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).not.toContain('sunshine');
  });
});
