import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runManage } from '../support/app/manage.ts';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp({ on: database });
  await app.register('bob');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const manage = (...args: string[]) => runManage(args, { env: database.env });

describe('beside a running server', () => {
  it.each([
    ['migrate'],
    ['migrate', '--check'],
    ['create-token', 'bob'],
    ['create-token', '--missing'],
    ['createsuperuser', '--noinput', '--username', 'root', '--email', ''],
    ['changepassword', 'bob', '--noinput'],
    ['revoke-tokens', 'bob'],
    ['prune'],
  ])('%s refuses the embedded database quickly and says who holds it', async (...command) => {
    const start = performance.now();
    const { code, stdout, stderr } = await manage(...command);
    expect(performance.now() - start).toBeLessThan(1000);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`in use by process ${process.pid}\\. Stop that process first, or set DATABASE_URL .*\\n$`));
    const scripted = await manage(...command, '--json');
    expect(JSON.parse(scripted.stdout).error.code).toBe('DATABASE_IN_USE');
  });

  it('check leaves it alone, says so, and finds nothing wrong', async () => {
    const { code, stdout } = await manage('check');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^- database +The embedded database in .* is in use by process ${process.pid}\\.\\n +A running server`, 'm'),
    );
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });
});
