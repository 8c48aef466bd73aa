import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

const commands = [
  ['create-token', 'nobody'],
  ['createsuperuser', '--noinput', '--username', 'first', '--email', ''],
];

describe('an unmigrated database', () => {
  it('makes the other commands refuse, and they name migrate', async () => {
    for (const command of commands) {
      const { code, stdout, stderr } = await runManage(command, { env: database.env });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^The database is not migrated\. Run `npm run manage migrate`.*\n$/);
    }
  });

  it('is migrated by them with AUTO_MIGRATE=true', async () => {
    const { code } = await runManage(commands[1] ?? [], { env: { ...database.env, AUTO_MIGRATE: 'true' } });
    expect(code).toBe(0);
  });
});

describe('a database that cannot be used', () => {
  const urlWith = (change: Partial<URL>) =>
    Object.assign(new URL(database.env.DATABASE_URL ?? 'postgres://postgres:s3cret@127.0.0.1/db'), change).href;

  it.each([['migrate'], ...commands])('because nothing listens there makes %s end with one sentence', async (...command) => {
    const { code, stdout, stderr } = await runManage(command, { env: { ...database.env, DATABASE_URL: urlWith({ port: '1' }) } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^The database cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. Check DATABASE_URL.*\n$/);
  });

  it('because it lets nobody in by that name or password does so too, and keeps the password to itself', async () => {
    const asksForNone = new URL(urlWith({})).password === '';
    const passwords = asksForNone ? [] : [{ password: 's3cret' }]; // a server that trusts takes any
    for (const change of [{ username: 'stranger', password: 's3cret' }, ...passwords]) {
      const { code, stderr } = await runManage(['create-token', 'bob'], { env: { ...database.env, DATABASE_URL: urlWith(change) } });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^The database cannot be used: (password authentication failed|role "\w+" does not exist).*Check DATABASE_URL.*\n$/,
      );
      expect(stderr).not.toContain('s3cret');
    }
  });

  it('because it does not exist does so too, and none is made', async () => {
    const { code, stderr } = await runManage(['migrate'], {
      env: { ...database.env, DATABASE_URL: urlWith({ pathname: '/no_such_database' }) },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The database cannot be used: .*does not exist.*Check DATABASE_URL.*\n$/);
  });
});
