import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { loginFrom, THROTTLED, times } from '../../support/client/logins.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { THROTTLE: 'on', TRUST_PROXY: '1', THROTTLE_LOGIN_ACCOUNT: '3/1h', THROTTLE_STAFF: '4/1h' } });
});
afterAll(() => app.close());

const HOME = '192.0.2.7';

it('unlockUser lets a locked-out user log in at once, and counts among the acts of staff', async () => {
  const ann = await app.register('ann');
  const { token } = await app.register('desk');
  await app.sql("update users set is_staff = true where username = 'desk'");
  await times(3, () => loginFrom(app, HOME, 'ann'));
  expect((await loginFrom(app, HOME, 'ann', GOOD_PASSWORD)).status.code).toBe(THROTTLED);
  const unlock = () => app.graphql(`mutation { unlockUser(input: { id: "${ann.id}" }) { status { code } user { id } } }`, { token });
  expect((await unlock()).data.unlockUser).toEqual({ status: { code: '200 OK' }, user: { id: ann.id } });
  expect((await loginFrom(app, HOME, 'ann', GOOD_PASSWORD)).token).toEqual(expect.any(String));
  const query = '{ allSecurityEvents(kinds: [ACCOUNT_UNLOCKED]) { edges { node { userId byStaff } } } }';
  const { data } = await app.graphql(query, { token });
  expect(data.allSecurityEvents.edges).toEqual([{ node: { userId: ann.id, byStaff: true } }]);
  await times(3, unlock);
  expect((await unlock()).data.unlockUser.status.code).toBe(THROTTLED);
  const create = `mutation { createUser(input: { username: "one-more", password: "${GOOD_PASSWORD}" }) { status { code } } }`;
  expect((await app.graphql(create, { token })).data.createUser.status.code).toBe(THROTTLED);
});
