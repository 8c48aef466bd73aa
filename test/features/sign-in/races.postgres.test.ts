import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token } }';
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status { code } } }';
const DELETE = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { status { code } } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const login = (username: string, password: string) => app.graphql(LOGIN, { variables: { input: { username, password } } });
const isAlive = async (token: string) => (await app.graphql('{ hello }', { token })).status === 200;
const range = (length: number) => Array.from({ length }, (_, n) => n);

it('no login with the old password outruns changePassword: its token is dead or was never issued', async () => {
  for (const round of range(10)) {
    const { token } = await app.register(`changer-${round}`);
    const input = { currentPassword: GOOD_PASSWORD, newPassword: 'an0ther-Quartz-13' };
    const [change, ...logins] = await Promise.all([
      app.graphql(CHANGE, { token, variables: { input } }),
      ...range(10).map(() => login(`changer-${round}`, GOOD_PASSWORD)),
    ]);
    expect(change?.data.changePassword.status.code).toBe('200 OK');
    const issued = logins.map(({ data }) => data.login.token).filter(Boolean);
    expect(await Promise.all(issued.map(isAlive))).not.toContain(true);
    expect(await isAlive(token)).toBe(true);
  }
});

it('logins, right and wrong, beside deleteAccount never fail', async () => {
  for (const round of range(10)) {
    const username = `leaver-${round}`;
    const { token } = await app.register(username);
    const replies = await Promise.all([
      ...range(8).map((n) => login(username, n % 2 ? GOOD_PASSWORD : 'wrong-Quartz-12')),
      app.graphql(DELETE, { token, variables: { input: { password: GOOD_PASSWORD } } }),
      ...range(8).map((n) => login(username, n % 2 ? GOOD_PASSWORD : 'wrong-Quartz-12')),
    ]);
    expect(replies.filter(({ status, errors }) => status !== 200 || errors.length > 0).map(({ text }) => text)).toEqual([]);
  }
});

it('revoking tokens while they are in use never fails', async () => {
  const { token } = await app.register('busy');
  const keys = await Promise.all(range(30).map(async () => (await login('busy', GOOD_PASSWORD)).data.login.token));
  const uses = keys.flatMap((key) => range(5).map(() => app.graphql('{ hello }', { token: key })));
  const revoked = await Promise.all(range(5).map(() => app.graphql('mutation { revokeAllTokens { revoked } }', { token })));
  const replies = await Promise.all(uses);
  expect(replies.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
  expect(revoked.reduce((sum, { data }) => sum + data.revokeAllTokens.revoked, 0)).toBe(30);
});
