import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CTRL_C, ENTER, openManageTerminal, spawnManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { username } } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** As a process of its own in a real terminal; what is asked and answered is tested in createsuperuser.test.ts. */
const open = (username: string) => openManageTerminal(['createsuperuser', '--username', username, '--email', ''], { env: { ...app.env } });

describe('the terminal', () => {
  it('shows no password, not even of lines that are pasted before they are asked for', async () => {
    const terminal = open('ada');
    await terminal.answer('Password: ', `${GOOD_PASSWORD}${ENTER}${GOOD_PASSWORD}${ENTER}`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen().split(/[\r\n]+/)).toEqual(['Password: ', 'Password (again): ', 'Superuser created successfully.', '']);
    const { data } = await app.graphql(LOGIN, { variables: { input: { username: 'ada', password: GOOD_PASSWORD } } });
    expect(data.login.user).toEqual({ username: 'ada' });
  });

  it('ends the command by Ctrl+C', async () => {
    const terminal = open('cancelled');
    await terminal.answer('Password: ', CTRL_C);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).toMatch(/\r\nOperation cancelled\.\r\n$/);
  });
});

it('what a process of its own does beside a running server is honoured at once', async () => {
  const { token } = await app.register('bob');
  const { code, stdout } = await spawnManage(['create-token', 'bob', '-r'], { env: { ...app.env } });
  expect(code).toBe(0);
  const fresh = /[0-9a-f]{40}/.exec(stdout)?.[0] ?? '';
  expect((await app.graphql('{ me { username } }', { token: fresh })).data).toEqual({ me: { username: 'bob' } });
  expect((await app.graphql('{ hello }', { token })).status).toBe(401);
});
