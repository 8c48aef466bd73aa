import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

it('an account that its owner deletes leaves its name, when and from where, for staff to find, and nothing else', async () => {
  const [ann, sue] = [await app.register('ann', { email: 'ann@example.com', firstName: 'Ann' }), await app.register('sue')];
  await app.sql('update users set is_staff = true where id = ?', [sue.id]);
  await app.graphql(`mutation { deleteAccount(input: { password: "${GOOD_PASSWORD}" }) { status { code } } }`, { token: ann.token });
  const EVENTS = '{ allSecurityEvents(kinds: [ACCOUNT_DELETED]) { edges { node { kind username byStaff ipAddress userAgent tokenId } } } }';
  const { data } = await app.graphql(EVENTS, { token: sue.token });
  const left = { kind: 'ACCOUNT_DELETED', username: 'ann', byStaff: false, ipAddress: '127.0.0.1', userAgent: 'node', tokenId: null };
  expect(data.allSecurityEvents.edges).toEqual([{ node: left }]);
  expect((await app.graphql(EVENTS, { token: ann.token })).status).toBe(401);
  const rows = await app.sql("select to_jsonb(e)::text as row from security_events e where kind = 'ACCOUNT_DELETED'");
  expect(rows[0]?.row).not.toMatch(/example\.com|Ann/);
  expect(await app.sql('select 1 from security_events where user_id = ?', [ann.id])).toEqual([]);
});

it('the name of an account that cannot be deleted yet is not left', async () => {
  const { token } = await app.register('bob');
  const { data } = await app.graphql('mutation { deleteAccount(input: { password: "wrong" }) { status { code } } }', { token });
  expect(data.deleteAccount.status.code).toBe('400 BAD REQUEST');
  expect(await app.sql("select 1 from security_events where kind = 'ACCOUNT_DELETED' and username = 'bob'")).toEqual([]);
});
