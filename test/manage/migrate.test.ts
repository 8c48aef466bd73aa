import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runManage } from '../support/manage.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

describe('migrate', { timeout: 60_000 }, () => {
  it('says what it applies, once', async () => {
    const { code, stdout, stderr } = await runManage(['migrate'], { env: database.env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^(Applied Migration\w+\n)+$/);
    const again = await runManage(['migrate'], { env: database.env });
    expect(again).toMatchObject({ code: 0, stdout: 'No migrations to apply.\n', stderr: '' });
  });
});
