import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from '../../src/features.ts';
import { runManage as run } from '../../src/manage/run-manage.ts';
import { ENTER, openManageDialog, runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { subscribe } from '../support/client/subscription.ts';

let app: TestApp;
const keys: Record<string, string> = {};
beforeAll(async () => {
  app = await createTestApp();
  for (const name of ['bob', 'ann', 'eve']) keys[name] = (await app.register(name)).token;
});
afterAll(() => app.close());

const manage = (...args: string[]) => runManage(args, { beside: app });
const key = (name: string) => keys[name] ?? '';
const holderOf = async (token: string) => (await app.graphql('{ me { username } }', { token })).data.me?.username ?? null;
const eventsOf = async (username: string) => {
  const rows = await app.sql(
    'select kind, ip_address from security_events e join users u on u.id = e.user_id where u.username = ? order by e.id',
    [username],
  );
  return rows.map(({ kind, ip_address }) => (ip_address === null ? `${kind} here` : kind));
};

async function createToken(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await manage('create-token', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return /^Generated token ([0-9a-f]{40}) for user bob\n$/.exec(stdout)?.[1] ?? stdout;
}

describe('create-token', () => {
  it('prints a key that works at once; those that exist go on working', async () => {
    keys.second = await createToken('bob');
    expect(await Promise.all([key('second'), key('bob'), key('ann')].map(holderOf))).toEqual(['bob', 'bob', 'ann']);
  });

  it('with -r replaces all keys of that user, and nobody else’s', async () => {
    const fresh = await createToken('bob', '-r');
    expect(await Promise.all([fresh, key('second'), key('bob'), key('ann')].map(holderOf))).toEqual(['bob', null, null, 'ann']);
    keys.bob = fresh;
  });

  it('refuses an unknown user in DRF’s words, and the spelling counts', async () => {
    for (const username of ['nobody', 'BOB']) {
      const stderr = `Cannot create the Token: user ${username} does not exist\n`;
      expect(await manage('create-token', username, '--reset')).toEqual({ code: 1, stdout: '', stderr });
    }
    expect(await holderOf(key('bob'))).toBe('bob');
  });

  it('with --json prints one object, and so are its refusals', async () => {
    const { code, stdout, stderr } = await manage('create-token', 'ann', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ username: 'ann', key: expect.stringMatching(/^[0-9a-f]{40}$/) });
    const refused = await manage('create-token', 'nobody', '--json');
    expect(refused).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(refused.stdout).error).toMatchObject({ code: 'USER_NOT_FOUND' });
  });
});

describe('create-token --missing', () => {
  beforeAll(async () => {
    await app.sql(
      `insert into users (username, password_hash, is_active)
       select 'import' || n, '!', n <> 3 from generate_series(1, 1200) n`,
    );
    await app.sql("insert into tokens (digest, user_id, expires_at) select 'old', id, now() from users where username = 'import2'");
  });

  it('issues one to every active user without a live one, a line each, and to nobody else', async () => {
    const before = await app.sql('select count(*)::int as count from tokens');
    const { code, stdout, stderr } = await manage('create-token', '--missing');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const issued = Object.fromEntries(lines.map((line) => line.split('\t')));
    expect(lines).toHaveLength(1199);
    expect(Object.keys(issued)).toContain('import2');
    for (const name of ['import3', 'bob', 'ann']) expect(Object.keys(issued)).not.toContain(name);
    for (const name of ['import1', 'import2', 'import1200']) expect(await holderOf(issued[name])).toBe(name);
    expect(await eventsOf('import1')).toEqual(['TOKEN_CREATED here']);
    expect(await app.sql('select count(*)::int as count from tokens')).toEqual([{ count: Number(before[0]?.count) + 1199 }]);
    const [token] = await app.sql(
      "select name, slides, expires_at > now() + interval '29 days' as lasts from tokens order by id desc limit 1",
    );
    expect(token).toEqual({ name: 'Command line', slides: true, lasts: true });
  });

  it('has nothing to do the second time', async () => {
    expect(await manage('create-token', '--missing')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await manage('create-token', '--missing', '--json')).toEqual({ code: 0, stdout: '{"tokens":[]}\n', stderr: '' });
  });

  it('with --json prints one object however many there are', async () => {
    await app.sql("delete from tokens where user_id in (select id from users where username like 'import%')");
    const { stdout } = await manage('create-token', '--missing', '--json');
    expect(JSON.parse(stdout).tokens).toHaveLength(1199);
  });

  it('stops when nobody reads the keys any more, and says what became of them', async () => {
    await app.sql("delete from tokens where user_id in (select id from users where username like 'import%')");
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(new Error('write EPIPE')) }).on('error', () => {});
    let explanation = '';
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        explanation += chunk;
        done();
      },
    });
    const openDatabase = async () => ({ ...app.database, close: async () => {} });
    const surroundings = { env: { ...app.env }, stdin: process.stdin, stdout, stderr, features, openDatabase };
    expect(await run(['create-token', '--missing'], surroundings)).toBe(1);
    expect(explanation).toContain('The reader of the output has gone');
    expect(await app.sql("select count(*)::int as count from tokens where name = 'Command line' and user_id > 3")).toEqual([
      { count: 500 },
    ]);
  });
});

describe('revoke-tokens', () => {
  it('ends all tokens of somebody, tells how many, and those who listen at once', async () => {
    const { ended, received } = await subscribe(app.url, 'subscription { tokenRevoked { reason } }', key('eve'));
    await manage('create-token', 'eve');
    expect(await manage('revoke-tokens', 'eve')).toEqual({ code: 0, stdout: 'Tokens revoked: 2\n', stderr: '' });
    await ended;
    expect(received()).toContain('REVOKED');
    expect(await Promise.all([key('eve'), key('bob')].map(holderOf))).toEqual([null, 'bob']);
    expect((await eventsOf('eve')).slice(-3)).toEqual(['TOKEN_CREATED here', 'TOKEN_REVOKED here', 'TOKEN_REVOKED here']);
    expect(await manage('revoke-tokens', 'eve', '--json')).toMatchObject({ code: 0, stdout: '{"revoked":0}\n' });
  });

  it('refuses an unknown user', async () => {
    expect(await manage('revoke-tokens', 'nobody')).toEqual({ code: 1, stdout: '', stderr: "user 'nobody' does not exist\n" });
  });

  it('--all is refused without a terminal and without --yes, and does nothing', async () => {
    const { code, stdout, stderr } = await manage('revoke-tokens', '--all');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('add --yes');
    expect(await holderOf(key('bob'))).toBe('bob');
  });

  it.each(['n', '', 'yes, but'])('--all takes %j for a no', async (answer) => {
    const dialog = openManageDialog(['revoke-tokens', '--all'], { beside: app });
    await dialog.answer('Continue? [y/N]: ', answer + ENTER);
    expect(await dialog.ended()).toBe(1);
    expect(dialog.screen()).toContain('Operation cancelled.');
    expect(await holderOf(key('bob'))).toBe('bob');
  });

  it('--all ends everybody’s when confirmed, and keeps the question out of the JSON', async () => {
    const [{ count } = {}] = await app.sql('select count(*)::int as count from tokens');
    const dialog = openManageDialog(['revoke-tokens', '--all', '--json'], { beside: app });
    await dialog.answer('Continue? [y/N]: ', `y${ENTER}`);
    expect(await dialog.ended()).toBe(0);
    expect(JSON.parse(dialog.stdout())).toEqual({ revoked: count });
    expect(await app.sql('select * from tokens')).toEqual([]);
    expect((await eventsOf('bob')).at(-1)).toBe('TOKEN_REVOKED here');
    expect(await manage('revoke-tokens', '--all', '--yes')).toMatchObject({ code: 0, stdout: 'Tokens revoked: 0\n' });
  });
});
