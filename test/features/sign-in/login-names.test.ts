import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token user { username } } }';
const REGISTER =
  'mutation ($input: RegisterInput!) { register(input: $input) { user { username email firstName lastName } errors { field code } } }';
const env = { THROTTLE: 'on', THROTTLE_LOGIN_ACCOUNT: '3/5m', THROTTLE_LOGIN_ADDRESS: '9999/5m' };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env });
});
afterAll(() => app.close());

const login = async (username: string, password = GOOD_PASSWORD) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;
const register = async (input: Record<string, unknown>) =>
  (await app.graphql(REGISTER, { variables: { input: { password: GOOD_PASSWORD, ...input } } })).data.register;

/** Gives accounts names that nobody can register, as an import does. */
async function addAccounts(...usernames: string[]): Promise<void> {
  const [row] = await app.sql("select password_hash from users where username = 'model'");
  for (const username of usernames)
    await app.sql('insert into users (username, password_hash) values (?, ?)', [username, row?.password_hash]);
}

beforeAll(() => app.register('model'));

describe('login', () => {
  it.each(['Zoé ', ' Zoé', '\u3000Zoé\t', 'Zoe\u0301', ' Ｚｏé\u00a0'])(
    'finds an account under what a keyboard makes of its name: %j',
    async (typed) => {
      if ((await app.sql("select 1 from users where username = 'Zoé'")).length === 0) await app.register('Zoé');
      expect((await login(typed)).user).toEqual({ username: 'Zoé' });
    },
  );

  it('prefers the name as it was typed, then without blanks around it, then in NFKC', async () => {
    await addAccounts(' ｋａｉ ', 'ｋａｉ');
    await app.register('kai');
    const found: string[] = [];
    for (const typed of [' ｋａｉ ', 'ｋａｉ', 'ｋａｉ ', ' kai', 'kai']) found.push((await login(typed)).user.username);
    expect(found).toEqual([' ｋａｉ ', 'ｋａｉ', 'ｋａｉ', 'kai', 'kai']);
  });

  it('does not trim passwords: a blank at the end makes another password', async () => {
    expect((await login('model', `${GOOD_PASSWORD} `)).status.code).toBe('400 BAD REQUEST');
    await register({ username: 'blank-password', password: ` ${GOOD_PASSWORD} ` });
    expect((await login('blank-password', ` ${GOOD_PASSWORD} `)).token).not.toBeNull();
    expect((await login('blank-password')).token).toBeNull();
  });

  it.each(['ann\0', 'ann\ud800', '', ' ', '\u3000'])('answers a name that no account can have like any other: %j', async (typed) => {
    expect((await login(typed)).status.code).toBe('400 BAD REQUEST');
  });

  it('counts failures under one name, whichever spelling is typed', async () => {
    await app.register('łukasz2');
    for (const typed of ['łukasz2', ' łukasz2', 'łukasz²']) await login(typed, 'wrong-Quartz-12');
    for (const typed of ['łukasz2', 'łukasz2 ', 'łukasz²']) expect((await login(typed)).status.code).toBe('429 TOO MANY REQUESTS');
  });
});

describe('register', () => {
  it('takes names and the address without the blanks around them, as Django’s forms do', async () => {
    const { user } = await register({
      username: ' Mia\u3000',
      email: '\tmia@EXAMPLE.com ',
      firstName: ' Mia Sophie ',
      lastName: '\u00a0Ek',
    });
    expect(user).toEqual({ username: 'Mia', email: 'mia@example.com', firstName: 'Mia Sophie', lastName: 'Ek' });
  });

  it.each([
    ['STRAẞE', 'straße'],
    ['Maße', 'MASSE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['ＪＯＨＮ', 'john'],
  ])('takes %s and %s for one name', async (first, second) => {
    await app.register(first);
    expect((await register({ username: second })).errors).toEqual([{ field: 'username', code: 'UNIQUE' }]);
  });

  it.each([
    ['ışık', 'işik'],
    ['Ilk', 'ılk'],
  ])('takes %s and %s for two', async (first, second) => {
    await app.register(first);
    expect((await register({ username: second })).user.username).toBe(second);
  });

  it('of ẞ, ß and ss at the same time creates one account', async () => {
    const names = ['groẞ', 'groß', 'gross', 'GROSS', 'GROẞ'];
    const outcomes = await Promise.all(names.map((username) => register({ username })));
    expect(outcomes.filter(({ user }) => user !== null)).toHaveLength(1);
  });
});

describe('the commands', () => {
  it.each([[['create-token', ' model ']], [['create-token', 'ｍｏｄｅｌ']], [['revoke-tokens', 'model ']]])(
    'find a user as a login does: %j',
    async (args) => {
      expect(await runManage(args, { beside: app })).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('answer a name of 88 kB with a sentence', async () => {
    expect(await runManage(['create-token', 'a\u0301'.repeat(22_000)], { beside: app })).toMatchObject({ code: 1, stdout: '' });
  });
});
