import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

const ALL = 'id username email emailVerified firstName lastName isActive isStaff isSuperuser scopes dateJoined lastLogin';

let app: TestApp;
let token: string;
let id: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ id, token } = await app.register('ann', { email: 'ann@example.com', firstName: 'Ann' }));
});
afterAll(() => app.close());

const me = async () => (await app.graphql(`{ me { ${ALL} } }`, { token })).data.me;

it('`me` has every field as staff see it, and a superuser who is no staff', async () => {
  await app.graphql(`mutation { login(input: { username: "ann", password: "${GOOD_PASSWORD}" }) { token } }`);
  const { token: staff } = await app.register('boss');
  await app.sql("update users set is_staff = true where username = 'boss'");
  await app.sql("update users set is_superuser = true, scopes = '{a,b}' where id = ?", [id]);
  const { data } = await app.graphql(`query ($id: ID!) { user(id: $id) { ${ALL} } }`, { token: staff, variables: { id } });
  expect(data.user).toMatchObject({ username: 'ann', isStaff: false, isSuperuser: true, scopes: ['a', 'b'] });
  expect(data.user.lastLogin).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(await me()).toEqual(data.user);
});

it('`me` has what another request has just written', async () => {
  for (const firstName of ['Anna', 'Änne', '']) {
    await app.graphql('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { status { code } } }', {
      token,
      variables: { input: { firstName } },
    });
    expect(await me()).toMatchObject({ firstName });
  }
});

it('`me` of two tokens that are looked up together is the user of each', async () => {
  const { token: other } = await app.register('bob');
  const replies = await Promise.all([token, other, token, other].map((each) => app.graphql('{ me { username } }', { token: each })));
  expect(replies.map(({ data }) => data.me.username)).toEqual(['ann', 'bob', 'ann', 'bob']);
});
