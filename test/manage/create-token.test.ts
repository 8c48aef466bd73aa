import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runManage } from '../support/manage.ts';
import { withApp } from '../support/with-app.ts';

let database: TestDatabase;
let bob: string;
let ann: string;
beforeEach(async () => {
  database = await createTestDatabase();
  await withApp(database, async ({ register }) => {
    bob = (await register('bob')).token;
    ann = (await register('ann')).token;
  });
});
afterEach(() => database.drop());

async function createToken(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runManage(['create-token', ...args], { env: database.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return /^Generated token ([0-9a-f]{40}) for user bob\n$/.exec(stdout)?.[1] ?? stdout;
}

const expectHolders = (holders: Record<string, string | null>) =>
  withApp(database, async ({ graphql }) => {
    for (const [token, username] of Object.entries(holders)) {
      const { data } = await graphql('{ me { username } }', { token });
      expect(data.me?.username ?? null).toBe(username);
    }
  });

describe('create-token', { timeout: 60_000 }, () => {
  it('prints a key that works at once; those that exist go on working', async () => {
    const fresh = await createToken('bob');
    await expectHolders({ [fresh]: 'bob', [bob]: 'bob', [ann]: 'ann' });
  });

  it('with -r replaces all keys of that user, and nobody else’s', async () => {
    const second = await createToken('bob');
    const fresh = await createToken('bob', '-r');
    await expectHolders({ [fresh]: 'bob', [second]: null, [bob]: null, [ann]: 'ann' });
  });

  it('refuses an unknown user in DRF’s words, and the spelling counts', async () => {
    for (const username of ['nobody', 'BOB']) {
      const ended = await runManage(['create-token', username, '--reset'], { env: database.env });
      const stderr = `Cannot create the Token: user ${username} does not exist\n`;
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    }
    await expectHolders({ [bob]: 'bob' });
  });
});
