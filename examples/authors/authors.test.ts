import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../test/support/app/test-app.ts';

const REGISTER = `mutation ($username: String!, $displayName: String) {
  register(input: { username: $username, password: "correct-horse-battery", displayName: $displayName }) {
    user { id displayName } token errors { field code }
  }
}`;
const AUTHORS = '{ authors { edges { node { username displayName } } } }';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const register = async (username: string, displayName: string) =>
  (await app.graphql(REGISTER, { variables: { username, displayName } })).data.register;

describe('authors', () => {
  it('choose the name that others see, when they register and later', async () => {
    const { user, token } = await register('ada', ' Ada L. ');
    expect(user.displayName).toBe('Ada L.');
    const update = 'mutation { updateProfile(input: { displayName: "Ada" }) { user { displayName } } }';
    expect((await app.graphql(update, { token })).data.updateProfile.user.displayName).toBe('Ada');
  });

  it('cannot choose a name that is too long', async () => {
    expect((await register('bob', 'x'.repeat(81))).errors).toEqual([{ field: 'displayName', code: 'MAX_LENGTH' }]);
  });

  it('are listed for editors alone', async () => {
    const { user, token } = await register('eve', 'Eve');
    expect((await app.graphql(AUTHORS, { token })).errors[0]?.extensions.code).toBe('FORBIDDEN');
    await app.sql("update users set scopes = '{editor}' where id = ?", [user.id]);
    const { data } = await app.graphql(AUTHORS, { token });
    expect(data.authors.edges).toContainEqual({ node: { username: 'eve', displayName: 'Eve' } });
  });
});
