import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

const USERS = `query ($first: Int, $after: String, $search: String, $isActive: Boolean, $isStaff: Boolean, $orderBy: UserOrder) {
  users(first: $first, after: $after, search: $search, isActive: $isActive, isStaff: $isStaff, orderBy: $orderBy) {
    edges { cursor node { id username email firstName lastName isActive isStaff isSuperuser emailVerified dateJoined lastLogin } }
    pageInfo { hasNextPage endCursor }
  }
}`;

// Microseconds apart, alike, and never: what a Date would cut off must not lose anybody between two pages.
const people = `
  insert into users (username, email, first_name, last_name, password_hash, is_active, is_staff, date_joined, last_login)
  select case when n % 2 = 0 then 'User' else 'user' end || n, 'mail' || n || '@example.com', 'Ada', 'Byron' || n, '!', n % 5 <> 0, n % 7 = 0,
         timestamptz '2026-01-01 00:00:00.000001Z' + (n / 2) * interval '1 microsecond',
         case when n % 3 > 0 then timestamptz '2026-02-01 00:00:00.5Z' - (n / 4) * interval '1 microsecond' end
    from generate_series(1, 40) n`;

const ORDERS = ['ID', 'USERNAME', 'DATE_JOINED', 'LAST_LOGIN'].flatMap((key) => [`${key}_ASC`, `${key}_DESC`]);

type Variables = Record<string, unknown>;
type Listed = { id: string; username: string; email: string; lastName: string; isActive: boolean; isStaff: boolean };

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('Root', { email: 'root_1@example.org', firstName: 'Grace', lastName: "O'Hopper 100%" }));
  await app.sql("update users set is_superuser = true, date_joined = '2025-01-01', last_login = '2025-01-01'");
  await app.sql(people);
});
afterAll(() => app.close());

const ask = (variables: Variables) => app.graphql(USERS, { token, variables });
const page = async (variables: Variables) => {
  const { data, errors } = await ask(variables);
  expect(errors).toEqual([]);
  return data.users;
};
const nodes = ({ edges }: { edges: { node: Listed }[] }): Listed[] => edges.map(({ node }) => node);

/** Reads a whole list in pages. */
async function all(variables: Variables, first = 13): Promise<Listed[]> {
  const listed: Listed[] = [];
  let after: string | null = null;
  do {
    const { pageInfo, ...rest } = await page({ ...variables, first, after });
    listed.push(...nodes(rest));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return listed;
}

const sorted: Record<string, string> = {
  ID: 'id',
  USERNAME: 'lower(username) collate "C"',
  DATE_JOINED: 'date_joined',
  LAST_LOGIN: "coalesce(last_login, '-infinity')",
};

describe('users', () => {
  it.each(ORDERS)('come in pages by %s: each user once, in order, with any filter', async (orderBy) => {
    const [, key = '', direction = ''] = /^(\w+)_(ASC|DESC)$/.exec(orderBy) ?? [];
    for (const [filter, where] of [
      [{}, 'true'],
      [{ isActive: false }, 'not is_active'],
      [{ isActive: true, isStaff: true }, 'is_active and is_staff'],
      [{ search: 'USER1' }, "lower(username) like 'user1%'"],
    ] as const) {
      const rows = await app.sql(`select id from users where ${where} order by ${sorted[key]} ${direction}, id ${direction}`);
      const listed = await all({ orderBy, ...filter });
      expect(listed.map(({ id }) => Number(id))).toEqual(rows.map(({ id }) => id));
    }
  });

  it('show what an account is, and no password', async () => {
    const [user] = nodes(await page({ first: 1 }));
    expect(user).toMatchObject({ username: 'Root', email: 'root_1@example.org', isStaff: false, isSuperuser: true, emailVerified: false });
    expect(user).toMatchObject({ dateJoined: '2025-01-01T00:00:00.000Z', lastLogin: '2025-01-01T00:00:00.000Z' });
  });

  it('stay what they are while accounts come and go', async () => {
    const first = await page({ first: 5, orderBy: 'USERNAME_ASC' });
    const last = nodes(first).at(-1);
    await app.sql('update users set username = ? where id = ?', ['zzz', last?.id]);
    await app.sql("insert into users (username, password_hash) values ('aaa', '!')");
    const second = await page({ first: 5, orderBy: 'USERNAME_ASC', after: first.pageInfo.endCursor });
    const names = nodes(second).map(({ username }) => username.toLowerCase());
    expect(names.every((name) => name > (last?.username.toLowerCase() ?? ''))).toBe(true);
    await app.sql("delete from users where username in ('aaa')");
    await app.sql('update users set username = ? where id = ?', [last?.username, last?.id]);
  });

  it('include one who joined in the year 9999, after whom a page can continue', async () => {
    await app.sql("insert into users (username, password_hash, date_joined) values ('late', '!', '9999-12-31 23:59:59.5+00')");
    const first = await page({ first: 1, orderBy: 'DATE_JOINED_DESC' });
    expect(nodes(first)[0]?.username).toBe('late');
    const second = await page({ first: 1, orderBy: 'DATE_JOINED_DESC', after: first.pageInfo.endCursor });
    expect(nodes(second)[0]?.username).not.toBe('late');
    await app.sql("delete from users where username = 'late'");
  });

  it('twice is one page with as many as fit', async () => {
    const twice = `{ a: users(first: 100) { edges { node { id } } } b: users(first: 100, orderBy: ID_DESC) { edges { node { id } } } }`;
    const { data } = await app.graphql(twice, { token });
    expect(nodes(data.a).map(({ id }) => id)).toEqual(
      nodes(data.b)
        .map(({ id }) => id)
        .reverse(),
    );
  });
});

describe('a search', () => {
  it.each([
    { search: 'rOOt', finds: ['Root'] },
    { search: '  root  ', finds: ['Root'] },
    { search: 'root_1@EX', finds: ['Root'] },
    { search: 'grace o', finds: ['Root'] },
    { search: "o'hop", finds: ['Root'] },
    { search: "o'hopper 100%", finds: ['Root'] },
    { search: 'hopper', finds: [] }, // not how any of them begins
    { search: 'root%', finds: [] },
    { search: 'r__t', finds: [] },
    { search: 'roo\\', finds: [] },
    { search: 'mail39@', finds: ['user39'] },
    { search: 'byron4', finds: ['User4', 'User40'] },
  ])('for $search finds $finds', async ({ search, finds }) => {
    expect(nodes(await page({ search })).map(({ username }) => username)).toEqual(finds);
  });

  it('for an empty text finds all users', async () => {
    for (const search of [null, '', '  ']) expect(await all({ search }, 100)).toHaveLength(41);
  });

  it('finds no user twice', async () => {
    await app.sql(
      "insert into users (username, email, first_name, last_name, password_hash) values ('twin', 'twin@x.org', 'Twin', 'Twin', '!')",
    );
    expect(await all({ search: 'twin' })).toHaveLength(1);
    await app.sql("delete from users where username = 'twin'");
  });

  it('that finds too many is refused', async () => {
    await app.sql("insert into users (username, password_hash) select 'many' || n, '!' from generate_series(1, 5001) n");
    expect((await ask({ search: 'many' })).errors).toMatchObject([{ message: expect.stringContaining('more than 5000 users') }]);
    await app.sql("delete from users where username = 'many1'");
    expect(nodes(await page({ search: 'many', first: 1, orderBy: 'ID_DESC' }))).toMatchObject([{ username: 'many5001' }]);
    await app.sql("delete from users where username like 'many%'");
  });
});

describe('bad arguments are client errors', () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    { first: 0 },
    { first: 101 },
    { first: null },
    { search: 'x'.repeat(255) },
    { search: 'a\0b' },
    { search: 'a\ud800' },
    { after: 'x' },
    { after: '12' },
    { after: cursor('ID_DESC 1 1') },
    { after: cursor('ID_ASC 1 x') },
    { after: cursor("ID_ASC 1 1'") },
    { after: cursor(`ID_ASC 1 ${'9'.repeat(19)}`) },
    { orderBy: 'LAST_LOGIN_ASC', after: cursor('LAST_LOGIN_ASC 1 1e300') },
    { orderBy: 'LAST_LOGIN_ASC', after: cursor('LAST_LOGIN_ASC 1 infinity') },
    { orderBy: 'USERNAME_ASC', after: cursor('USERNAME_ASC 1 a\0b') },
    { orderBy: 'USERNAME_ASC', after: cursor(`USERNAME_ASC 1 ${'a'.repeat(501)}`) },
    { orderBy: 'PASSWORD_ASC' },
  ])('%j', async (variables) => {
    const reply = await ask(variables);
    expect(reply.status).toBe(400);
    expect(reply.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(['-99999999999.999999', '999999999999.999999'])('and a cursor from far away is none: %s', async (key) => {
    await page({ orderBy: 'LAST_LOGIN_ASC', after: cursor(`LAST_LOGIN_ASC 1 ${key}`) });
    await page({ orderBy: 'ID_ASC', after: cursor(`ID_ASC ${'9'.repeat(18)} ${'9'.repeat(18)}`) });
  });
});

describe('user', () => {
  const find = async (id: string) =>
    (await app.graphql('query ($id: ID!) { user(id: $id) { username } }', { token, variables: { id } })).data.user;

  it('finds a user by id', async () => {
    expect(await find('1')).toEqual({ username: 'Root' });
  });

  it.each(['0', '-1', '999999999', '2147483648', '9999999999', '', 'x', '1.0', "1'"])('is null for %j', async (id) => {
    expect(await find(id)).toBeNull();
  });
});
