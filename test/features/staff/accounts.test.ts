import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../../support/client/graphql-client.ts';
import { type Mailbox, openMailbox } from '../../support/network/mailbox.ts';
import { until } from '../../support/until.ts';

type Person = { id: string; username: string; token: string };

let app: TestApp;
let mailbox: Mailbox;
let staff: Person;
let root: Person;
let count = 0;

async function person(flags = ''): Promise<Person> {
  const username = `clerk-${++count}`;
  const { id, token } = await app.register(username);
  await app.sql('update users set email = ? where id = ?', [`${username}@example.com`, id]); // past register, which would write to it
  if (flags) await app.sql(`update users set ${flags} where id = ?`, [id]);
  await app.sql('delete from security_events where user_id = ?', [id]);
  return { id, username, token };
}

beforeAll(async () => {
  mailbox = await openMailbox();
  app = await createTestApp({ env: { SMTP_URL: mailbox.url, REGISTRATION: 'open' } });
  staff = await person('is_staff = true');
  root = await person('is_superuser = true');
});
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

async function run({ token }: Person, mutation: string, input: Record<string, unknown>, more = '') {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { status { code message } errors { field code } ${more} } }`;
  const { data, errors } = await app.graphql(query, { token, variables: { input }, headers: { 'User-Agent': 'desk/1' } });
  expect(errors).toEqual([]);
  return data[mutation];
}

async function eventsOf(id: string) {
  const query = `query ($id: ID!) { userSecurityEvents(userId: $id) { edges { node { kind byStaff actorUsername userAgent username userId } } } }`;
  const { data } = await app.graphql(query, { token: root.token, variables: { id } });
  return data.userSecurityEvents.edges.map(({ node }: { node: unknown }) => node);
}

const login = async (username: string, password: string) => {
  const { data } = await app.graphql('mutation ($input: LoginInput!) { login(input: $input) { token } }', {
    variables: { input: { username, password } },
  });
  return data.login.token;
};

const OK = { code: '200 OK' };
const byStaff = () => ({ byStaff: true, actorUsername: staff.username, userAgent: 'desk/1' });

describe('createUser', () => {
  it('creates an account with a password, which its owner signs in with, and puts it on record', async () => {
    const created = await run(
      staff,
      'createUser',
      { username: 'newcomer', password: GOOD_PASSWORD, firstName: ' New ' },
      'user { id firstName }',
    );
    expect(created).toMatchObject({ status: OK, errors: [], user: { firstName: 'New' } });
    expect(await eventsOf(created.user.id)).toEqual([
      { kind: 'ACCOUNT_CREATED', ...byStaff(), username: 'newcomer', userId: created.user.id },
    ]);
    expect(await login('newcomer', GOOD_PASSWORD)).toEqual(expect.any(String));
  });

  it('mails a link to choose a password where none is given', async () => {
    const created = await run(staff, 'createUser', { username: 'invited', email: 'invited@example.com' });
    expect(created.status).toMatchObject(OK);
    const token = await mailbox.tokenTo('invited@example.com');
    const input = { token, newPassword: GOOD_PASSWORD };
    const { data } = await app.graphql('mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status { code } } }', {
      variables: { input },
    });
    expect(data.resetPassword.status).toEqual(OK);
    expect(await login('invited', GOOD_PASSWORD)).toEqual(expect.any(String));
  });

  it.each([
    {
      what: 'a name that is taken',
      input: { username: 'CLERK-1', password: GOOD_PASSWORD },
      errors: [{ field: 'username', code: 'UNIQUE' }],
    },
    { what: 'no password and no address', input: { username: 'nothing' }, errors: [{ field: 'password', code: 'BLANK' }] },
    {
      what: 'a bad password',
      input: { username: 'weak', password: 'password' },
      errors: [{ field: 'password', code: 'PASSWORD_TOO_COMMON' }],
    },
    {
      what: 'a bad name and address',
      input: { username: 'a b', email: 'no', password: GOOD_PASSWORD },
      errors: [
        { field: 'username', code: 'INVALID' },
        { field: 'email', code: 'INVALID' },
      ],
    },
  ])('refuses $what and writes nothing', async ({ input, errors }) => {
    const before = await app.sql('select count(*) from users');
    expect(await run(staff, 'createUser', input)).toMatchObject({ status: { code: '400 BAD REQUEST' }, errors });
    expect(await app.sql('select count(*) from users')).toEqual(before);
  });

  it('creates one of two accounts of one name that are created at once', async () => {
    const twice = await Promise.all([1, 2].map(() => run(staff, 'createUser', { username: 'twin', password: GOOD_PASSWORD })));
    expect(twice.map(({ status }) => status.code).sort()).toEqual(['200 OK', '400 BAD REQUEST']);
  });
});

describe('updateUser', () => {
  it('changes names and the address, tells the old address, and puts both on record', async () => {
    const ann = await person('email_verified = true');
    const input = { id: ann.id, firstName: 'Ann', email: 'ann.new@example.com' };
    const { status, user } = await run(staff, 'updateUser', input, 'user { firstName lastName email emailVerified }');
    expect(status).toMatchObject(OK);
    expect(user).toEqual({ firstName: 'Ann', lastName: '', email: 'ann.new@example.com', emailVerified: false });
    expect((await mailbox.mailTo(`${ann.username}@example.com`)).subject).toBe('Your email address was changed');
    expect((await mailbox.mailTo('ann.new@example.com')).subject).toBe('Confirm your email address');
    expect(await eventsOf(ann.id)).toMatchObject([
      { kind: 'EMAIL_CHANGED', ...byStaff() },
      { kind: 'ACCOUNT_CHANGED', ...byStaff() },
    ]);
  });

  it('without a change puts nothing on record', async () => {
    const ann = await person();
    expect((await run(staff, 'updateUser', { id: ann.id, firstName: '', email: `${ann.username}@example.com` })).status).toMatchObject(OK);
    expect(await eventsOf(ann.id)).toEqual([]);
  });

  it('leaves the address of a user with more rights to superusers: a reset would go there', async () => {
    for (const flags of ['is_staff = true', "scopes = '{editor}'"]) {
      const ann = await person(flags);
      const input = { id: ann.id, email: 'mine@example.com' };
      expect((await run(staff, 'updateUser', input)).status).toMatchObject({ code: '403 FORBIDDEN' });
      expect(await app.sql('select email from users where id = ?', [ann.id])).toEqual([{ email: `${ann.username}@example.com` }]);
      expect((await run(root, 'updateUser', input)).status).toMatchObject(OK);
      await app.sql("update users set email = '' where id = ?", [ann.id]);
    }
  });

  it('refuses superusers, oneself, the unknown, and bad values', async () => {
    expect((await run(staff, 'updateUser', { id: root.id, firstName: 'x' })).status.message).toContain('superuser');
    expect((await run(staff, 'updateUser', { id: staff.id, firstName: 'x' })).status.code).toBe('403 FORBIDDEN');
    expect((await run(staff, 'updateUser', { id: '999999', firstName: 'x' })).status.code).toBe('404 NOT FOUND');
    const { errors } = await run(staff, 'updateUser', { id: '999999', firstName: 'x'.repeat(151), email: 'no' });
    expect(errors).toEqual([
      { field: 'firstName', code: 'MAX_LENGTH' },
      { field: 'email', code: 'INVALID' },
    ]);
  });
});

describe('deleteUser', () => {
  it('deletes the account, whose token is refused on the next request, and keeps its name on record', async () => {
    const ann = await person();
    expect((await run(root, 'deleteUser', { id: ann.id })).status).toMatchObject(OK);
    expect((await app.graphql('{ hello }', { token: ann.token })).status).toBe(401);
    const query = '{ allSecurityEvents(first: 1, kinds: [ACCOUNT_DELETED]) { edges { node { userId username actorUsername } } } }';
    const { data } = await app.graphql(query, { token: root.token });
    expect(data.allSecurityEvents.edges).toEqual([{ node: { userId: null, username: ann.username, actorUsername: root.username } }]);
  });

  it('refuses oneself', async () => {
    expect((await run(root, 'deleteUser', { id: root.id })).status.code).toBe('403 FORBIDDEN');
  });
});

describe('revokeUserToken', () => {
  it('revokes that token alone, and not through another user', async () => {
    const ann = await person();
    const second = await login(ann.username, GOOD_PASSWORD);
    const { data } = await app.graphql('query ($id: ID!) { userTokens(userId: $id) { id current } }', {
      token: staff.token,
      variables: { id: ann.id },
    });
    expect(data.userTokens).toEqual([
      { id: expect.any(String), current: false },
      { id: expect.any(String), current: false },
    ]);
    const tokenId = data.userTokens[0].id;
    expect((await run(staff, 'revokeUserToken', { id: staff.id, tokenId })).status.code).toBe('404 NOT FOUND');
    expect((await run(staff, 'revokeUserToken', { id: ann.id, tokenId })).status).toMatchObject(OK);
    expect((await app.graphql('{ hello }', { token: second })).status).toBe(401);
    expect((await app.graphql('{ hello }', { token: ann.token })).status).toBe(200);
    expect((await eventsOf(ann.id))[0]).toMatchObject({ kind: 'TOKEN_REVOKED', ...byStaff() });
  });

  it('refuses those of a superuser to staff', async () => {
    expect((await run(staff, 'revokeUserToken', { id: root.id, tokenId: '1' })).status.code).toBe('403 FORBIDDEN');
  });
});

describe('what happens to all accounts', () => {
  it('is listed newest first, in pages, by kinds, with the names', async () => {
    const ann = await person();
    const failures = async () => (await app.sql("select 1 from security_events where kind = 'LOGIN_FAILED'")).length;
    await login(ann.username, 'wrong-Quartz-12');
    await until(async () => (await failures()) === 1); // they are written after the answer
    await login('unheard-of', 'wrong-Quartz-12');
    await until(async () => (await failures()) === 2);
    const query = `query ($after: String) {
      allSecurityEvents(first: 1, after: $after, kinds: [LOGIN_FAILED]) { edges { node { username userId } } pageInfo { endCursor hasNextPage } }
    }`;
    const { data: first } = await app.graphql(query, { token: staff.token });
    expect(first.allSecurityEvents.edges).toEqual([{ node: { username: '', userId: null } }]);
    const { data: next } = await app.graphql(query, {
      token: staff.token,
      variables: { after: first.allSecurityEvents.pageInfo.endCursor },
    });
    expect(next.allSecurityEvents.edges).toEqual([{ node: { username: ann.username, userId: ann.id } }]);
  });

  it('is counted by the hour', async () => {
    const query = '{ activity { startsAt logins failedLogins locks registrations } }';
    const before = (await app.graphql(query, { token: staff.token })).data.activity;
    expect(before).toHaveLength(24);
    const ann = await person();
    await app.sql("insert into security_events (user_id, kind) values (?, 'LOGGED_IN'), (?, 'THROTTLED')", [ann.id, ann.id]);
    await app.sql("insert into security_events (kind, happened_at) values ('LOGIN_FAILED', now() - interval '3 hours')");
    await app.sql("insert into security_events (kind, happened_at) values ('LOGIN_FAILED', now() - interval '30 hours')");
    const { activity } = (await app.graphql(query, { token: staff.token })).data;
    const total = (hours: Record<string, number>[], key: string) => hours.reduce((sum, hour) => sum + (hour[key] ?? 0), 0);
    const grown = (key: string) => total(activity, key) - total(before, key);
    expect(['logins', 'failedLogins', 'locks'].map(grown)).toEqual([1, 1, 1]);
    expect(activity[20].failedLogins - before[20].failedLogins).toBe(1);
  });
});
