import { Piscina } from 'piscina';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { THROTTLE: 'on', THROTTLE_CONFIRM: '4/1h' } });
});
afterAll(() => app.close());

const LOGIN = `mutation ($username: String!, $password: String!) {
  login(input: { username: $username, password: $password }) { token }
}`;
const times = <Result>(count: number, work: () => Promise<Result>) => Promise.all(Array.from({ length: count }, work));

describe('the right password of somebody signed in', () => {
  const CREATE = `mutation ($password: String!) {
    createToken(input: { name: "x", password: $password }) { status { code } token }
  }`;
  const CHANGE = `mutation ($password: String!) {
    changePassword(input: { currentPassword: $password, newPassword: "another-Quartz-11" }) { status { code } }
  }`;
  const confirm = async (token: string, password = GOOD_PASSWORD) =>
    (await app.graphql(CREATE, { token, variables: { password } })).data.createToken;
  const change = async (token: string) =>
    (await app.graphql(CHANGE, { token, variables: { password: GOOD_PASSWORD } })).data.changePassword.status.code;

  it('is hashed so often an hour, over all that ask for it; that of others, and logging in, stay free', async () => {
    const { token } = await app.register('eager');
    const { token: other } = await app.register('patient');
    const run = vi.spyOn(Piscina.prototype, 'run');
    const payloads = await times(20, () => confirm(token));
    expect(run).toHaveBeenCalledTimes(4);
    run.mockRestore();
    expect(payloads.filter(({ token: made }) => made)).toHaveLength(4);
    expect(payloads.filter(({ status }) => status.code === '429 TOO MANY REQUESTS')).toHaveLength(16);
    expect(await change(token)).toBe('429 TOO MANY REQUESTS');
    expect((await confirm(other)).token).not.toBeNull();
    expect((await app.graphql(LOGIN, { variables: { username: 'eager', password: GOOD_PASSWORD } })).data.login.token).not.toBeNull();
  });

  it('is not counted when it was wrong: guesses do not use up what its owner may do', async () => {
    const { token } = await app.register('guessed');
    for (let n = 0; n < 6; n++) await confirm(token, 'wrong-Quartz-12');
    expect(await times(4, () => confirm(token))).toMatchObject(Array.from({ length: 4 }, () => ({ status: { code: '200 OK' } })));
  });
});
