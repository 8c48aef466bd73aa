import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdHash } from '../../support/app/hold-hash.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { subscribe } from '../../support/client/subscription.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

/** Enough that without its lock each of these races is lost in some round. */
const ROUNDS = 5;

type Person = { id: string; token: string };

let database: TestDatabase;
let nodes: [TestApp, TestApp];
beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await createTestApp({ on: database }), await createTestApp({ on: database })];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.drop();
});

let count = 0;
async function superuser(): Promise<Person> {
  const [here] = nodes;
  const { id, token } = await here.register(`superuser-${++count}`);
  await here.sql('update users set is_superuser = true where id = ?', [id]);
  return { id, token };
}
const demote = (id: string) => `mutation { setUserSuperuser(input: { id: "${id}", isSuperuser: false }) { status { code } } }`;
const deactivate = (id: string) => `mutation { setUserActive(input: { id: "${id}", isActive: false }) { status { code } } }`;
const leave = () => `mutation { deleteAccount(input: { password: "${GOOD_PASSWORD}" }) { status { code } } }`;
const superusers = async () => (await nodes[0].sql('select id from users where is_superuser and is_active')).length;

describe('superusers who take power from each other at once, on two nodes', () => {
  const ways = [
    { what: 'demote', ring: 2, act: demote },
    { what: 'deactivate', ring: 2, act: deactivate },
    { what: 'demote in a ring of three', ring: 3, act: demote },
    { what: 'delete their accounts', ring: 2, act: leave },
  ];
  it.each(ways)('$what: one always remains, and nobody gets a server error', async ({ ring, act }) => {
    for (let round = 0; round < ROUNDS; round++) {
      await nodes[0].sql('update users set is_superuser = false where is_superuser');
      const people: Person[] = [];
      for (let n = 0; n < ring; n++) people.push(await superuser());
      const replies = await Promise.all(
        people.map(({ token }, n) => nodes[n % 2 ? 1 : 0].graphql(act(people[(n + 1) % ring]?.id ?? ''), { token })),
      );
      expect(replies.map(({ status }) => [200, 401, 403].includes(status))).not.toContain(false);
      if (ring === 2) expect(await superusers()).toBe(1);
      else expect(await superusers()).toBeGreaterThan(0);
    }
  });

  it('one demotes another who is deleting their own account: one remains', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await nodes[0].sql('update users set is_superuser = false where is_superuser');
      const [one, two] = [await superuser(), await superuser()];
      await Promise.all([
        nodes[0].graphql(demote(two.id), { token: one.token }),
        nodes[1].graphql(leave(), { token: one.token }),
        nodes[1].graphql(leave(), { token: two.token }),
      ]);
      expect(await superusers()).toBe(1);
    }
  });
});

describe('a user who becomes a superuser while deleting the account', () => {
  const promote = (id: string) => `mutation { setUserSuperuser(input: { id: "${id}", isSuperuser: true }) { status { code } } }`;

  it('stays if the superuser who promoted them has left meanwhile', async () => {
    const [here, there] = nodes;
    for (let round = 0; round < ROUNDS; round++) {
      await here.sql('update users set is_superuser = false where is_superuser');
      const root = await superuser();
      const heir = await here.register(`heir-${round}`);
      const hold = holdHash(); // theirs: the row was read, and is not locked yet
      const leaving = there.graphql(leave(), { token: heir.token });
      await until(hold.isHeld);
      expect((await here.graphql(promote(heir.id), { token: root.token })).data.setUserSuperuser.status.code).toBe('200 OK');
      expect((await here.graphql(leave(), { token: root.token })).data.deleteAccount.status.code).toBe('200 OK');
      hold.release();
      expect((await leaving).data.deleteAccount.status.code).toBe('403 FORBIDDEN');
      expect(await superusers()).toBe(1);
    }
  });

  it('stays a superuser, or another does, if all three happen at once', async () => {
    const [here, there] = nodes;
    for (let round = 0; round < ROUNDS; round++) {
      await here.sql('update users set is_superuser = false where is_superuser');
      const root = await superuser();
      const heir = await here.register(`prince-${round}`);
      const replies = await Promise.all([
        there.graphql(leave(), { token: heir.token }),
        here.graphql(promote(heir.id), { token: root.token }),
        there.graphql(leave(), { token: root.token }),
      ]);
      expect(replies.map(({ status }) => [200, 401, 403].includes(status))).not.toContain(false);
      expect(await superusers()).toBe(1);
    }
  });
});

describe('a change of rights on one node', () => {
  it('takes effect on the very next request on another', async () => {
    const [here, there] = nodes;
    const [root, fallen] = [await superuser(), await superuser()];
    const list = () => there.graphql('{ users(first: 1) { edges { node { id } } } }', { token: fallen.token });
    expect((await list()).status).toBe(200);
    await here.graphql(demote(fallen.id), { token: root.token });
    expect((await list()).status).toBe(403);
    await here.graphql(deactivate(fallen.id), { token: root.token });
    expect((await list()).errors[0]?.extensions.reason).toBe('INACTIVE');
  });

  it.each([
    { what: 'deactivation', act: deactivate, reason: 'INACTIVE' },
    { what: 'revocation', act: (id: string) => `mutation { revokeUserTokens(input: { id: "${id}" }) { revoked } }`, reason: 'REVOKED' },
  ])('$what ends subscriptions on another within a second', async ({ act, reason }) => {
    const [here, there] = nodes;
    const [root, person] = [await superuser(), await superuser()];
    const subscription = await subscribe(there.url, 'subscription { tokenRevoked { reason } }', person.token);
    const started = performance.now();
    await here.graphql(act(person.id), { token: root.token });
    await subscription.ended;
    expect(performance.now() - started).toBeLessThan(1000);
    expect(subscription.received()).toContain(reason);
  });
});
