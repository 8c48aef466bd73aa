import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/shared/key.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GRAPHQL_TYPE, JSON_TYPE } from '../../support/client/graphql-client.ts';

let app: TestApp;
let token: string;
let password: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token, password } = await app.register('somebody'));
  await app.sql('drop table tokens'); // stands for any bug: the database is there, a query fails
});
afterAll(() => app.close());

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
const login = (accept?: string) =>
  app.graphql(LOGIN, { ...(accept && { accept }), variables: { input: { username: 'somebody', password } } });

describe('a bug', () => {
  it.each([
    { accept: GRAPHQL_TYPE, status: 500 },
    { accept: JSON_TYPE, status: 200 },
  ])('tells $accept clients nothing but the id of the log lines about it', async ({ accept, status }) => {
    const before = app.logs().length;
    const reply = await login(accept);
    expect(reply.status).toBe(status);
    const [error] = reply.errors;
    const requestId = expect.stringMatching(/^[\da-f-]{36}$/);
    expect(reply.errors).toHaveLength(1);
    expect(error).toMatchObject({ message: 'Unexpected error.', path: ['login'] });
    expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId });
    const lines = app.logs().slice(before).trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line)).map(({ msg, requestId }) => ({ msg, requestId }));
    expect(logged).toEqual(['unexpected error', 'operation'].map((msg) => ({ msg, requestId: reply.headers.get('x-request-id') })));
    expect(error?.extensions.requestId).toBe(reply.headers.get('x-request-id'));
  });

  it('before the first field, while the token is looked up, is answered the same way', async () => {
    const reply = await app.graphql('{ hello }', { token });
    expect(reply.status).toBe(500);
    expect(reply.errors).toMatchObject([{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(app.logs()).toContain(reply.errors[0]?.extensions.requestId);
  });

  it('leaves in the log what helps to find it, and neither password, key nor digest', async () => {
    await login();
    await app.graphql('{ hello }', { token });
    expect(app.logs()).toContain('42P01'); // PostgreSQL: undefined table
    expect(app.logs()).toContain('issue-token.ts');
    for (const secret of [password, token, digestOf(token), 'bcrypt_sha256']) expect(app.logs()).not.toContain(secret);
    expect(app.logs()).not.toMatch(/[\da-f]{40}/);
  });
});
