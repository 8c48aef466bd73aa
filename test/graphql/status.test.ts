import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';

const LOGIN = 'mutation ($input: LoginInput!) { outcome: login(input: $input) { status { ok reason code } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { outcome: register(input: $input) { status { ok reason code } } }';
const REVOKE = 'mutation ($input: RevokeTokenInput!) { outcome: revokeToken(input: $input) { status { ok reason code } } }';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('Ann'));
});
afterAll(() => app.close());

const statusOf = async (mutation: string, input: object) => {
  const { data } = await app.graphql(mutation, { variables: { input }, token });
  return data.outcome.status;
};

it('a status says in one word whether it was done, and why not', async () => {
  expect(await statusOf(LOGIN, { username: 'Ann', password: GOOD_PASSWORD })).toEqual({ ok: true, reason: 'OK', code: '200 OK' });
  expect(await statusOf(LOGIN, { username: 'Ann', password: 'another one' })).toEqual({
    ok: false,
    reason: 'INVALID_CREDENTIALS',
    code: '400 BAD REQUEST',
  });
  expect(await statusOf(REGISTER, { username: '', password: '' })).toEqual({ ok: false, reason: 'INVALID_INPUT', code: '400 BAD REQUEST' });
  expect(await statusOf(REVOKE, { id: '999999' })).toEqual({ ok: false, reason: 'NOT_FOUND', code: '404 NOT FOUND' });
});
