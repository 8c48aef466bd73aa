import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../../support/app/manage.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { token errors { field code message } } }';
const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { errors { field code } } }';
const CHANGE_PASSWORD = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { field code } } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { username } } }';

let app: TestApp;
let ascii: TestApp;
beforeAll(async () => {
  [app, ascii] = await Promise.all([
    createTestApp({ env: { CORS_ORIGINS: 'https://app.sunflower.example' } }),
    createTestApp({ env: { USERNAMES: 'ascii' } }),
  ]);
});
afterAll(() => Promise.all([app.close(), ascii.close()]));

const errorsOf = async (input: Record<string, unknown>, { graphql }: TestApp = app) =>
  (await graphql(REGISTER, { variables: { input: { password: GOOD_PASSWORD, ...input } } })).data.register.errors;

describe('register refuses', () => {
  it.each(['\u3164', 'ann\u115f', 'ann\u2800', '\uffa0ann', 'a\u17b4nn', 'ann\u200d', '\u{13441}'])('the username %j', async (username) => {
    expect(await errorsOf({ username })).toMatchObject([{ field: 'username', code: 'INVALID' }]);
  });

  it.each([
    '"@example.com',
    '"a b"@example.com',
    'a\u200b@example.com',
    'a\u2028@example.com',
    'a\u3164@example.com',
    'a\u00a0b@example.com',
  ])('the address %j, as does changeEmail', async (email) => {
    expect(await errorsOf({ username: 'with-address', email })).toMatchObject([{ field: 'email', code: 'INVALID' }]);
    const { token, password } = await app.register(
      `changer-${[...email]
        .map((character) => character.codePointAt(0))
        .join('-')
        .slice(0, 90)}`,
    );
    const { data } = await app.graphql(CHANGE_EMAIL, { token, variables: { input: { password, newEmail: email } } });
    expect(data.changeEmail.errors).toEqual([{ field: 'newEmail', code: 'INVALID' }]);
  });

  it.each([
    'password12345',
    'iloveyou09',
    'ADMIN1234',
    'ａｄｍｉｎ１２３４',
    'Sunflower-2026',
    'app.sunflower.example',
    'graphql-token-auth!',
  ])('the password %s, as does changePassword', async (password) => {
    expect(await errorsOf({ username: 'commoner', password })).toMatchObject([{ field: 'password', code: 'PASSWORD_TOO_COMMON' }]);
    const { token } = await app.register(`owner-${Buffer.from(password).toString('hex')}`);
    const input = { currentPassword: GOOD_PASSWORD, newPassword: password };
    const { data } = await app.graphql(CHANGE_PASSWORD, { token, variables: { input } });
    expect(data.changePassword.errors).toEqual([{ field: 'newPassword', code: 'PASSWORD_TOO_COMMON' }]);
  });

  it.each(['²²²²²²²²', '٠١٢٣٤٥٦٧٨', '①②③④⑤⑥⑦⑧⑨'])('the password %s, all digits', async (password) => {
    const codes = (await errorsOf({ username: 'counter', password })).map(({ code }: { code: string }) => code);
    expect(codes).toContain('PASSWORD_ENTIRELY_NUMERIC');
  });
});

describe('USERNAMES=ascii', () => {
  it('keeps other letters out of new names', async () => {
    expect(await errorsOf({ username: 'josé' }, ascii)).toMatchObject([
      { field: 'username', code: 'INVALID', message: expect.stringContaining('unaccented') },
    ]);
    expect(await errorsOf({ username: 'jose' }, ascii)).toEqual([]);
  });

  it('is heeded by createsuperuser', async () => {
    const args = ['createsuperuser', '--noinput', '--username', 'анна', '--email', ''];
    const ended = await runManage(args, { beside: ascii, env: { USERNAMES: 'ascii' } });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('unaccented') });
  });
});

describe('accounts that were made under other rules', () => {
  it.each(['ann\u3164', '\u2800', 'анна', 'a\u200db', 'two words'])('log in as they did: %j', async (username) => {
    await ascii.register('model').catch(() => null);
    await ascii.sql("insert into users (username, password_hash) select ?, password_hash from users where username = 'model'", [username]);
    const { data } = await ascii.graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } } });
    expect(data.login.user).toEqual({ username });
  });
});
