import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { GOOD_PASSWORD } from '../support/graphql-client.ts';
import { type Ended, runManage } from '../support/manage.ts';
import { withApp } from '../support/with-app.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } user { username email isStaff } } }';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Given = { options?: string[]; username?: string; email?: string; password?: string };

const createsuperuser = ({ options = [], username, email, password }: Given): Promise<Ended> =>
  runManage(['createsuperuser', '--noinput', ...options], {
    env: {
      ...database.env,
      ...(username !== undefined && { SUPERUSER_USERNAME: username }),
      ...(email !== undefined && { SUPERUSER_EMAIL: email }),
      ...(password !== undefined && { SUPERUSER_PASSWORD: password }),
    },
  });

const created = { code: 0, stdout: 'Superuser created successfully.\n', stderr: '' };
const refused = (sentence: string) => ({ code: 1, stdout: '', stderr: `${sentence}\n` });

describe('createsuperuser --noinput', { timeout: 60_000 }, () => {
  it('makes the superuser that the environment describes', async () => {
    expect(await createsuperuser({ username: 'Root', email: 'root@EXAMPLE.com', password: GOOD_PASSWORD })).toMatchObject(created);
    await withApp(database, async ({ graphql, sql }) => {
      const { data } = await graphql(LOGIN, { variables: { input: { username: 'Root', password: GOOD_PASSWORD } } });
      expect(data.login.user).toEqual({ username: 'Root', email: 'root@example.com', isStaff: true });
      const rows = await sql("select canonical_username, is_superuser, is_active from users where username = 'Root'");
      expect(rows).toEqual([{ canonical_username: 'ROOT', is_superuser: true, is_active: true }]);
    });
  });

  it('prefers options, and takes an empty address and a weak password', async () => {
    const options = ['--username', 'chosen', '--email', ''];
    const given = { options, username: 'root', email: 'other@example.com', password: '12345' };
    expect(await createsuperuser(given)).toMatchObject(created);
    await withApp(database, async ({ graphql }) => {
      const { data } = await graphql(LOGIN, { variables: { input: { username: 'chosen', password: '12345' } } });
      expect(data.login.user).toEqual({ username: 'chosen', email: '', isStaff: true });
    });
  });

  it('makes an account that cannot log in when there is no password; it can be given a token', async () => {
    expect(await createsuperuser({ username: 'robot', email: '' })).toMatchObject(created);
    const { stdout } = await runManage(['create-token', 'robot'], { env: database.env });
    const token = /[0-9a-f]{40}/.exec(stdout)?.[0] ?? '';
    await withApp(database, async ({ graphql, sql }) => {
      const [robot] = await sql("select password_hash from users where username = 'robot'");
      expect(robot?.password_hash).toMatch(/^![0-9a-f]{40}$/);
      for (const password of [String(robot?.password_hash), '!', 'robot']) {
        const { data } = await graphql(LOGIN, { variables: { input: { username: 'robot', password } } });
        expect(data.login.status.code).toBe('400 BAD REQUEST');
      }
      expect((await graphql('{ me { username } }', { token })).data).toEqual({ me: { username: 'robot' } });
    });
  });

  it.each<[string, Given, string]>([
    ['no username', { email: '' }, 'You must use --username with --noinput, or set SUPERUSER_USERNAME.'],
    ['no address', { username: 'x' }, 'You must use --email with --noinput, or set SUPERUSER_EMAIL; empty means none.'],
    ['a blank username', { username: '', email: '' }, 'Username cannot be blank.'],
    ['a blank username option', { options: ['--username', ''], username: 'x', email: '' }, 'Username cannot be blank.'],
    [
      'a username with a space',
      { username: 'a b', email: '' },
      'Error: Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
    ],
    ['a taken username in another spelling', { username: 'ROOT', email: '' }, 'Error: That username is already taken.'],
    ['a bad address', { username: 'x', email: 'nonsense' }, 'Error: Enter a valid email address.'],
    ['a blank password', { username: 'x', email: '', password: '' }, "Error: Blank passwords aren't allowed."],
    [
      'an endless password',
      { username: 'x', email: '', password: 'x'.repeat(4097) },
      'Error: Ensure this value has at most 4096 characters (it has 4097).',
    ],
  ])('refuses %s in one sentence', async (_what, given, sentence) => {
    expect(await createsuperuser(given)).toMatchObject(refused(sentence));
  });

  it('of several at once under one name, makes one', async () => {
    const attempts = await Promise.all(['same', 'Same', 'SAME'].map((username) => createsuperuser({ username, email: '' })));
    expect(attempts.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
    const sentence = database.isEmbedded ? 'is in use by process' : 'Error: That username is already taken.\n';
    for (const { stderr } of attempts.filter(({ code }) => code === 1)) expect(stderr).toContain(sentence);
  });
});

describe('createsuperuser without a terminal', () => {
  it('does not wait for answers that nobody can hide', async () => {
    const ended = await runManage(['createsuperuser'], { env: database.env, input: `ann\n\n${GOOD_PASSWORD}\n${GOOD_PASSWORD}\n` });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^Superuser creation skipped due to not running in a TTY\. .*npm run manage createsuperuser.*\n$/);
  });
});
