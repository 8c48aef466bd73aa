import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  status { code message } errors { field code } user { username firstName lastName }
} }`;
const DELETE = `mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) {
  status { code message } errors { field code }
} }`;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const update = async (token: string, input: Record<string, unknown>) =>
  (await app.graphql(UPDATE, { token, variables: { input } })).data.updateProfile;
const remove = (token: string, password = GOOD_PASSWORD) => app.graphql(DELETE, { token, variables: { input: { password } } });

describe('updateProfile', () => {
  it('changes the names it is given and leaves those that are omitted or null', async () => {
    const { token } = await app.register('named', { firstName: 'Ada', lastName: 'Byron' });
    expect(await update(token, { lastName: 'Lovelace' })).toEqual({
      status: { code: '200 OK', message: 'Profile updated' },
      errors: [],
      user: { username: 'named', firstName: 'Ada', lastName: 'Lovelace' },
    });
    expect((await update(token, { firstName: '', lastName: null })).user).toMatchObject({ firstName: '', lastName: 'Lovelace' });
    expect((await update(token, {})).user).toMatchObject({ firstName: '', lastName: 'Lovelace' });
  });

  it('reports all problems at once and changes nothing', async () => {
    const { token } = await app.register('misnamed', { firstName: 'Ada' });
    expect(await update(token, { firstName: 'x'.repeat(151), lastName: 'a\0b' })).toMatchObject({
      status: { code: '400 BAD REQUEST', message: 'Invalid input' },
      errors: [
        { field: 'firstName', code: 'MAX_LENGTH' },
        { field: 'lastName', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
      ],
      user: null,
    });
    expect((await update(token, {})).user).toMatchObject({ firstName: 'Ada' });
  });
});

describe('deleteAccount', () => {
  it('deletes the account and everything that belongs to it, at once', async () => {
    const { id, token } = await app.register('leaving', { email: 'leaving@example.com' });
    const { data } = await remove(token);
    expect(data.deleteAccount).toEqual({ status: { code: '200 OK', message: 'Account deleted' }, errors: [] });
    const { status, errors } = await app.graphql('{ hello }', { token });
    expect([status, errors[0]?.extensions.reason]).toEqual([401, 'INVALID']);
    for (const table of ['tokens', 'security_events', 'links', 'mails']) {
      expect(await app.sql(`select 1 from ${table} where user_id = ?`, [id])).toEqual([]);
    }
  });

  it('asks for the password', async () => {
    const { token } = await app.register('staying');
    const { data } = await remove(token, 'wrong');
    expect(data.deleteAccount).toEqual({
      status: { code: '400 BAD REQUEST', message: 'Invalid input' },
      errors: [{ field: 'password', code: 'PASSWORD_INCORRECT' }],
    });
    expect((await app.graphql('{ hello }', { token })).status).toBe(200);
  });

  it('accepts one of 20 simultaneous tries and refuses the others', async () => {
    const { token } = await app.register('leaving-fast');
    const replies = await Promise.all(Array.from({ length: 20 }, () => remove(token)));
    expect(replies.map(({ status }) => status).every((status) => status === 200 || status === 401)).toBe(true);
    expect(replies.filter(({ data }) => data.deleteAccount?.status.code === '200 OK')).toHaveLength(1);
  });

  it('frees the username', async () => {
    const { token } = await app.register('phoenix');
    await remove(token);
    await app.register('phoenix');
  });
});
