import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { members } from './members.ts';

const ALL = 'nickname handle age score isMember bornAt note';
const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) { status { code } token user { id ${ALL} } errors { field code message } }
}`;
const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { ${ALL} } errors { field code message } } }`;

let app: TestApp;
let count = 0;
beforeAll(async () => {
  app = await createTestApp({ app: members });
});
afterAll(() => app.close());

async function register(own: object = {}) {
  const input = { username: `member-${++count}`, password: GOOD_PASSWORD, ...own };
  return (await app.graphql(REGISTER, { variables: { input } })).data.register;
}
const update = (token: string, input: object) => app.graphql(UPDATE, { token, variables: { input } });

describe('the columns of an app', () => {
  it('and their migration describe the same table', async () => {
    expect(await app.database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  });

  it('have their defaults until they are given', async () => {
    const { user } = await register();
    expect(user).toMatchObject({ nickname: '', handle: null, age: null, score: 0, isMember: false, bornAt: null, note: '' });
  });

  it('are taken by register where they say so, and only there', async () => {
    const { user } = await register({ nickname: ' Ann ', handle: 'ann', age: 30, isMember: true });
    expect(user).toMatchObject({ nickname: 'Ann', handle: 'ann', age: 30, isMember: true });
    for (const column of ['score', 'bornAt', 'risk', 'note']) {
      const input = { username: 'x', password: GOOD_PASSWORD, [column]: null };
      expect((await app.graphql(REGISTER, { variables: { input } })).status).toBe(400);
    }
  });

  it('are taken by updateProfile; null empties those that may be null and leaves the others', async () => {
    const { token } = await register({ nickname: 'Bob', age: 40 });
    const bornAt = '1990-02-03T04:05:06.000Z';
    const { data } = await update(token, { score: 1.5, bornAt, note: 'Hello', age: null, nickname: null });
    expect(data.updateProfile.user).toMatchObject({ nickname: 'Bob', age: null, score: 1.5, bornAt, note: 'Hello' });
    const { data: own } = await app.graphql(`{ me { ${ALL} } }`, { token });
    expect(own.me).toEqual(data.updateProfile.user);
    const later = await update(token, {});
    expect(later.data.updateProfile.user).toMatchObject({ score: 1.5, bornAt, note: 'Hello' });
  });

  it.each([
    { what: 'a text that is too long', own: { nickname: 'x'.repeat(21) }, field: 'nickname', code: 'MAX_LENGTH' },
    { what: 'a long text without a length', own: { note: 'x'.repeat(10_001) }, field: 'note', code: 'MAX_LENGTH' },
    { what: 'a NUL', own: { nickname: 'a\0b' }, field: 'nickname', code: 'NULL_CHARACTERS_NOT_ALLOWED' },
    { what: 'a lone surrogate', own: { note: '\ud800' }, field: 'note', code: 'INVALID' },
    { what: 'the year 0', own: { bornAt: '0000-01-01T00:00:00Z' }, field: 'bornAt', code: 'INVALID' },
    { what: 'what the app itself refuses', own: { age: 12 }, field: 'age', code: 'INVALID' },
  ])('refuse $what', async ({ own, field, code }) => {
    const { token } = await register();
    const { data } = await update(token, own);
    expect(data.updateProfile).toMatchObject({ user: null, errors: [{ field, code }] });
  });

  it.each([
    { what: 'an integer beyond 32 bits', own: { age: 2 ** 31 } },
    { what: 'a text for a number', own: { score: '1' } },
    { what: 'a number for a truth value', own: { isMember: 1 } },
  ])('do not take $what', async ({ own }) => {
    const { token } = await register();
    expect((await update(token, own)).status).toBe(400);
  });

  it('that occur only once are given to one of many who ask at once', async () => {
    const registered = await Promise.all(Array.from({ length: 8 }, () => register({ handle: 'popular' })));
    const refused = registered.filter(({ token }) => token === null);
    expect(refused).toHaveLength(7);
    for (const { status, errors } of refused) {
      expect(status.code).toBe('400 BAD REQUEST');
      expect(errors).toEqual([{ field: 'handle', code: 'UNIQUE', message: 'Another user has this value already.' }]);
    }
    const others = await Promise.all([register(), register()]);
    const updated = await Promise.all(others.map(({ token }) => update(token, { handle: 'second' })));
    const outcomes = updated.map(({ data }) => data.updateProfile.errors.map(({ field }: { field: string }) => field));
    expect(outcomes.sort()).toEqual([[], ['handle']]);
    expect(app.alarms()).toEqual([]);
  });

  it('stay the same when the user sends the value of the account once more', async () => {
    const { token } = await register({ handle: 'same' });
    expect((await update(token, { handle: 'same' })).data.updateProfile).toMatchObject({ user: { handle: 'same' }, errors: [] });
  });

  it('for staff are refused to the user, and shown to staff', async () => {
    const { token, user } = await register();
    const own = await app.graphql('{ me { username risk } }', { token });
    expect(own.data.me.risk).toBeNull();
    expect(own.errors[0]?.extensions.code).toBe('FORBIDDEN');
    await app.sql('update users set is_staff = true where id = ?', [user.id]);
    const list = await app.graphql('{ users(first: 100) { edges { node { risk nickname handle } } } }', { token });
    expect([list.status, list.data.users.edges[0].node]).toMatchObject([200, { risk: 'low' }]);
  });
});

describe('a scope of an app', () => {
  const reviews = async (token: string) => (await app.graphql('{ reviews }', { token })).errors[0]?.extensions.code ?? 'let in';
  const setScopes = (token: string, id: string, scopes: string[]) =>
    app.graphql(
      `mutation ($id: ID!, $scopes: [String!]!) { setUserScopes(input: { id: $id, scopes: $scopes }) {
         status { code } user { scopes } errors { field message } } }`,
      { token, variables: { id, scopes } },
    );

  it('is given and taken by superusers, from the next request on, and on record', async () => {
    const [root, ann] = [await register(), await register()];
    await app.sql('update users set is_superuser = true where id = ?', [root.user.id]);
    expect(await reviews(ann.token)).toBe('FORBIDDEN');
    const given = await setScopes(root.token, ann.user.id, ['posts:write', 'reviewer', 'reviewer']);
    expect(given.data.setUserScopes).toMatchObject({ status: { code: '200 OK' }, user: { scopes: ['reviewer', 'posts:write'] } });
    expect(await reviews(ann.token)).toBe('let in');
    await setScopes(root.token, ann.user.id, ['posts:write', 'reviewer']);
    await setScopes(root.token, ann.user.id, []);
    expect(await reviews(ann.token)).toBe('FORBIDDEN');
    const kinds = await app.sql(`select actor_id from security_events where user_id = ? and kind = 'SCOPES_CHANGED'`, [ann.user.id]);
    expect(kinds).toEqual([{ actor_id: Number(root.user.id) }, { actor_id: Number(root.user.id) }]);
  });

  it('is not implied by being a superuser, who may take it', async () => {
    const root = await register();
    await app.sql('update users set is_superuser = true where id = ?', [root.user.id]);
    expect(await reviews(root.token)).toBe('FORBIDDEN');
    await setScopes(root.token, root.user.id, ['reviewer']);
    expect(await reviews(root.token)).toBe('let in');
  });

  it('is refused when no feature declares it, even one that is built in', async () => {
    const root = await register();
    await app.sql('update users set is_superuser = true where id = ?', [root.user.id]);
    for (const scope of ['superuser', 'staff', 'public', '__proto__', '']) {
      const { data } = await setScopes(root.token, root.user.id, [scope]);
      expect(data.setUserScopes.errors).toEqual([
        { field: 'scopes', message: 'Choose from these scopes: introspect, reviewer, posts:write.' },
      ]);
    }
  });

  it('cannot stand for a built-in one, although a row says so', async () => {
    const { token, user } = await register();
    await app.sql(`update users set scopes = '{staff,superuser,public,__proto__}' where id = ?`, [user.id]);
    expect((await app.graphql('{ users { edges { cursor } } }', { token })).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is needed together with the others that a field names', async () => {
    const { token, user } = await register();
    const drafts = async () => (await app.graphql('{ drafts }', { token })).data.drafts;
    await app.sql(`update users set scopes = '{"posts:write"}' where id = ?`, [user.id]);
    expect(await drafts()).toBeNull();
    await app.sql('update users set is_staff = true where id = ?', [user.id]);
    expect(await drafts()).toBe('drafts');
  });
});
