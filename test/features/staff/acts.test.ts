import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';

type Person = { id: string; username: string; token: string };
type Act = { mutation: string; rest?: string };

const OK = { code: '200 OK' };
const NOT_FOUND = { code: '404 NOT FOUND', message: 'User not found' };
const NOT_TO_ONESELF = { code: '403 FORBIDDEN', message: 'You cannot do that to your own account' };
const NOT_TO_SUPERUSER = { code: '403 FORBIDDEN', message: 'Only a superuser may do that to a superuser' };

const close: Act = { mutation: 'setUserActive', rest: 'isActive: false' };
const staffActs: Act[] = [close, { mutation: 'revokeUserTokens' }, { mutation: 'sendPasswordReset' }];
const superuserActs: Act[] = [
  { mutation: 'setUserStaff', rest: 'isStaff: false' },
  { mutation: 'setUserSuperuser', rest: 'isSuperuser: false' },
  { mutation: 'setUserScopes', rest: 'scopes: []' },
];

const LOGIN = (username: string) => `mutation { login(input: { username: "${username}", password: "${GOOD_PASSWORD}" }) { token } }`;
const OWN = '{ securityEvents(first: 5) { edges { node { kind byStaff ipAddress userAgent } } } }';
const EVENTS = `query ($id: ID!) { userSecurityEvents(userId: $id) { edges { node {
  kind byStaff actorId actorUsername ipAddress userAgent tokenId
} } } }`;

let app: TestApp;
let mailbox: Mailbox;
let staff: Person;
let root: Person;
let ann: Person;
let count = 0;

async function person(flags = ''): Promise<Person> {
  const username = `person-${++count}`;
  const { id, token } = await app.register(username);
  await app.sql('update users set email = ? where id = ?', [`${username}@example.com`, id]); // past register, which would write to it
  if (flags) await app.sql(`update users set ${flags} where id = ?`, [id]);
  await app.sql('delete from security_events where user_id = ?', [id]);
  return { id, username, token };
}

beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, PASSWORD_RESET_URL: 'https://app.example/?token={token}' } });
  staff = await person('is_staff = true');
  root = await person('is_superuser = true');
});
beforeEach(async () => {
  ann = await person();
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const act = async ({ token }: Person, id: string, { mutation, rest = '' }: Act) => {
  const query = `mutation { ${mutation}(input: { id: "${id}" ${rest} }) { status { code message } } }`;
  const { data, errors } = await app.graphql(query, { token, headers: { 'User-Agent': 'desk/1' } });
  expect(errors).toEqual([]);
  return data[mutation].status;
};
const eventsOf = async (id: string) => {
  const { data } = await app.graphql(EVENTS, { token: staff.token, variables: { id } });
  return data.userSecurityEvents.edges.map(({ node }: { node: unknown }) => node);
};
const hello = (token: string) => app.graphql('{ hello }', { token });
const byStaff = ({ id, username }: Person) => ({ byStaff: true, actorId: id, actorUsername: username });

describe('staff cannot act on', () => {
  it.each([...staffActs, ...superuserActs])('an unknown user, nor on themselves where it would lock them out: $mutation', async (what) => {
    for (const id of ['999999999', '99999999999', '-1', '', 'x', '1 or 1=1', '1.5']) {
      expect(await act(root, id, what)).toEqual(NOT_FOUND);
    }
    const isHarmless = ['revokeUserTokens', 'sendPasswordReset', 'setUserScopes'].includes(what.mutation);
    if (!isHarmless) expect(await act(root, root.id, what)).toEqual(NOT_TO_ONESELF);
    if (!isHarmless) expect(await eventsOf(root.id)).toEqual([]);
  });

  it.each(staffActs)('a superuser: $mutation', async (what) => {
    const boss = await person('is_superuser = true');
    expect(await act(staff, boss.id, what)).toEqual(NOT_TO_SUPERUSER);
    expect((await hello(boss.token)).status).toBe(200);
    expect(await eventsOf(boss.id)).toEqual([]);
    expect(await act(root, boss.id, what)).toMatchObject(OK);
  });
});

describe('setUserActive', () => {
  const open = { mutation: 'setUserActive', rest: 'isActive: true' };

  it('closes an account on its very next request and opens it again, each recorded once with the actor', async () => {
    expect(await act(staff, ann.id, close)).toEqual({ code: '200 OK', message: 'User updated' });
    const { status, errors } = await hello(ann.token);
    expect([status, errors[0]?.extensions.reason]).toEqual([401, 'INACTIVE']);
    expect(await act(staff, ann.id, close)).toMatchObject(OK); // changes nothing, so nothing is noted
    expect(await act(root, ann.id, open)).toMatchObject(OK);
    expect((await hello(ann.token)).errors[0]?.extensions.reason).toBe('INVALID');
    const changes = (await eventsOf(ann.id)).filter(({ kind }: { kind: string }) => kind.startsWith('ACCOUNT'));
    expect(changes).toMatchObject([
      { kind: 'ACCOUNT_ACTIVATED', ...byStaff(root), ipAddress: '127.0.0.1', userAgent: 'desk/1' },
      { kind: 'ACCOUNT_DEACTIVATED', ...byStaff(staff), ipAddress: '127.0.0.1', userAgent: 'desk/1' },
    ]);
  });

  it('shows the owner that staff did it, but not who, from where or with which program', async () => {
    await act(staff, ann.id, close);
    await act(staff, ann.id, open);
    const { token } = (await app.graphql(LOGIN(ann.username))).data.login;
    const own = await app.graphql(OWN, { token });
    const node = { kind: 'ACCOUNT_ACTIVATED', byStaff: true, ipAddress: null, userAgent: '' };
    expect(own.data.securityEvents.edges).toContainEqual({ node });
    const { status, data } = await app.graphql('{ securityEvents { edges { node { kind actorId } } } }', { token });
    expect(status).toBe(403);
    expect(data.securityEvents.edges).toContainEqual({ node: { kind: 'ACCOUNT_ACTIVATED', actorId: null } });
  });

  it('leaves the next request of the same connection alone: a change by SQL has no actor', async () => {
    await act(staff, ann.id, close);
    await app.sql('update users set is_active = true where id = ?', [ann.id]);
    const opened = (await eventsOf(ann.id)).find(({ kind }: { kind: string }) => kind === 'ACCOUNT_ACTIVATED');
    expect(opened).toMatchObject({ byStaff: false, actorId: null, actorUsername: '' });
  });

  it('keeps the actor on record after the actor’s account is deleted', async () => {
    const leaving = await person('is_staff = true');
    await act(leaving, ann.id, close);
    await app.sql('delete from users where id = ?', [leaving.id]);
    expect(await eventsOf(ann.id)).toMatchObject([{ kind: 'ACCOUNT_DEACTIVATED', ...byStaff(leaving) }]);
  });
});

describe('revokeUserTokens', () => {
  it('ends every token of one user, recorded with the actor, and of no other; the user may log in again', async () => {
    const login = LOGIN(ann.username);
    const second = (await app.graphql(login)).data.login.token;
    const { data } = await app.graphql(`mutation { revokeUserTokens(input: { id: "${ann.id}" }) { revoked } }`, { token: staff.token });
    expect(data.revokeUserTokens.revoked).toBe(2);
    for (const token of [ann.token, second]) expect((await hello(token)).errors[0]?.extensions.reason).toBe('INVALID');
    expect((await hello(staff.token)).status).toBe(200);
    const revoked = { kind: 'TOKEN_REVOKED', ...byStaff(staff), tokenId: expect.any(String) };
    expect((await eventsOf(ann.id)).slice(0, 2)).toMatchObject([revoked, revoked]);
    expect((await app.graphql(login)).data.login.token).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('sendPasswordReset', () => {
  const send = { mutation: 'sendPasswordReset' };

  it('mails the link to the user, shows it to no one else and is recorded with the actor', async () => {
    expect(await act(staff, ann.id, send)).toEqual({ code: '200 OK', message: 'A mail with a link is on its way to the user' });
    const token = await mailbox.tokenTo(`${ann.username}@example.com`);
    const reset = `mutation { resetPassword(input: { token: "${token}", newPassword: "an0ther-Quartz-13" }) { status { code } } }`;
    expect((await app.graphql(reset)).data.resetPassword.status).toEqual(OK);
    expect((await eventsOf(ann.id)).at(-1)).toMatchObject({ kind: 'PASSWORD_RESET_SENT', ...byStaff(staff) });
  });

  it.each([
    { what: 'an inactive account', flags: 'is_active = false', message: 'The account is inactive' },
    { what: 'no address', flags: "email = ''", message: 'The account has no email address' },
    { what: 'no password', flags: "password_hash = '!'", message: 'The account has no password to reset' },
  ])('says why it cannot: $what', async ({ flags, message }) => {
    const { id } = await person(flags);
    expect(await act(staff, id, send)).toEqual({ code: '400 BAD REQUEST', message });
    expect(await eventsOf(id)).toEqual([]);
  });
});

describe('setUserStaff and setUserSuperuser', () => {
  it('give and take on the very next request, each recorded with the actor', async () => {
    const list = () => app.graphql('{ users { edges { node { id } } } }', { token: ann.token });
    const give = (rest: string, mutation: string) => act(root, ann.id, { mutation, rest });
    expect((await list()).status).toBe(403);
    for (const [mutation, flag] of [
      ['setUserStaff', 'isStaff'],
      ['setUserSuperuser', 'isSuperuser'],
    ] as const) {
      expect(await give(`${flag}: true`, mutation)).toMatchObject(OK);
      expect((await list()).status).toBe(200);
      expect(await give(`${flag}: false`, mutation)).toMatchObject(OK);
      expect((await list()).status).toBe(403);
    }
    const kinds = ['SUPERUSER_WITHDRAWN', 'SUPERUSER_GRANTED', 'STAFF_WITHDRAWN', 'STAFF_GRANTED'];
    expect(await eventsOf(ann.id)).toMatchObject(kinds.map((kind) => ({ kind, ...byStaff(root) })));
  });
});

describe('deleteAccount', () => {
  it('keeps the last superuser', async () => {
    const remove = `mutation { deleteAccount(input: { password: "${GOOD_PASSWORD}" }) { status { code message } } }`;
    const statusFor = async ({ token }: Person) => (await app.graphql(remove, { token })).data.deleteAccount.status;
    const boss = await person('is_superuser = true');
    await app.sql('update users set is_superuser = false where is_superuser and id not in (?, ?)', [boss.id, root.id]);
    expect(await statusFor(boss)).toMatchObject(OK);
    expect(await statusFor(root)).toEqual({ code: '403 FORBIDDEN', message: 'The last superuser cannot be deleted' });
    expect((await hello(root.token)).status).toBe(200);
  });
});
