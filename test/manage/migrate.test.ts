import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

const names = readdirSync('migrations').map((file) => parse(file).name);
const lines = (prefix: string) => names.map((name) => `${prefix}${name}\n`).join('');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.drop());

const migrate = (...options: string[]) => runManage(['migrate', ...options], { env: database.env });

describe('migrate', () => {
  it('--check ends with 1 and names what is pending, without writing', async () => {
    expect(await migrate('--check')).toEqual({ code: 1, stdout: lines('Pending '), stderr: '' });
    expect(await migrate('--status')).toEqual({ code: 0, stdout: lines(`${'pending'.padEnd(24)}  `), stderr: '' });
  });

  it('says what it applies', async () => {
    expect(await migrate()).toEqual({ code: 0, stdout: lines('Applied '), stderr: '' });
  });

  it('says so when there is nothing to do', async () => {
    expect(await migrate()).toEqual({ code: 0, stdout: 'No migrations to apply.\n', stderr: '' });
    expect(await migrate('--check', '--json')).toEqual({ code: 0, stdout: '{"pending":[]}\n', stderr: '' });
  });

  it('--status says when each was applied', async () => {
    const { stdout } = await migrate('--status', '--json');
    const { migrations } = JSON.parse(stdout);
    expect(migrations.map(({ name }: { name: string }) => name)).toEqual(names);
    for (const { appliedAt } of migrations) expect(Math.abs(Date.now() - Date.parse(appliedAt))).toBeLessThan(60_000);
  });
});
