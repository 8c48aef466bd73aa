import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { graphqlClient } from '../support/graphql-client.ts';
import { runManage } from '../support/manage.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const commands = [['migrate'], ['create-token', 'bob'], ['createsuperuser', '--noinput', '--username', 'root', '--email', '']];

let database: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ ...database.env });
  await graphqlClient(server.url).register('bob');
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await database.drop();
});

describe('beside a running server', { timeout: 60_000 }, () => {
  it('every command refuses the embedded database quickly and says who holds it', async () => {
    for (const command of commands) {
      const { code, stdout, stderr, milliseconds } = await runManage(command, { env: database.env });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`in use by process ${server.pid}\\. Stop that process first, or set DATABASE_URL .*\\n$`));
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(milliseconds).toBeLessThan(3000); // with the start of Node, on a busy machine
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.stop();
    for (const command of commands) expect(await runManage(command, { env: database.env })).toMatchObject({ code: 0 });
  });
});
