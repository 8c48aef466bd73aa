import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp({ on: database });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const seed = (env: Record<string, string> = {}) => runManage(['seed', '--demo'], { env: { ...database.env, ...env } });
const countUsers = async () => (await app.sql('select count(*)::int as count from users'))[0]?.count;

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { token status { code } user { isStaff } } }';
const login = async (username: string, password: string) =>
  (await app.graphql(LOGIN, { variables: { input: { username, password } } })).data.login;

// One database: each step goes on where the one before ended.
describe('npm run seed -- --demo', () => {
  it('is refused in production and adds nobody', async () => {
    const ended = await seed({ NODE_ENV: 'production', BCRYPT_COST: '10' });
    const stderr = 'Demo users have a known password: NODE_ENV=production refuses them.\n';
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    expect(await countUsers()).toBe(0);
  });

  it('is refused where the rules for passwords are stricter than its password, unless that is said to be fine', async () => {
    const strict = { PASSWORD_MIN_LENGTH: '20' };
    const stderr = 'This password is too short. It must contain at least 20 characters.\n';
    expect(await seed(strict)).toMatchObject({ code: 1, stdout: '', stderr });
    expect(await countUsers()).toBe(0);
    const other = await createTestDatabase();
    const allowed = await runManage(['seed', '--demo', '--allow-weak-password'], { env: { ...other.env, ...strict } });
    expect(allowed).toMatchObject({ code: 0, stderr: '' });
    await other.drop();
  });

  it('adds users that log in with the printed password: one on several devices, one of the staff, one inactive', async () => {
    const { code, stdout, stderr } = await seed();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const password = /The password of all new ones: (\S+)\n/.exec(stdout)?.[1] ?? '';
    const ann = await login('ann', password);
    const { data } = await app.graphql('{ tokens { name current } }', { token: ann.token });
    expect(data.tokens.map(({ name }: { name: string }) => name)).toEqual(['node', 'curl', 'Safari on iOS', 'Firefox on Linux']);
    expect(await login('sue', password)).toMatchObject({ user: { isStaff: true } });
    expect(await login('ivo', password)).toMatchObject({ token: null, status: { code: '400 BAD REQUEST' } });
  });

  it('leaves alone who is there already', async () => {
    await app.sql("update users set first_name = 'Anna' where username = 'ann'");
    const before = await countUsers();
    const { code, stdout } = await seed();
    expect(code).toBe(0);
    expect(stdout).toContain('ann  was there already, left alone');
    expect(await countUsers()).toBe(before);
    expect(await app.sql("select first_name from users where username = 'ann'")).toEqual([{ first_name: 'Anna' }]);
  });

  it('is refused where many have an account', async () => {
    await app.sql("insert into users (username, password_hash) select 'user' || n, '!' from generate_series(1, 50) n");
    await app.sql("delete from users where username = 'ben'");
    const { code, stderr } = await seed();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('looks as if it was in use') });
    expect(await app.sql("select 1 from users where username = 'ben'")).toEqual([]);
  });
});
