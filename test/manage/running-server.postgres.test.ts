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
  it('every command works on PostgreSQL, and the server honours it at once', async () => {
    const { graphql } = graphqlClient(server.url);
    for (const command of commands) expect(await runManage(command, { env: database.env })).toMatchObject({ code: 0 });
    const { stdout } = await runManage(['create-token', 'bob', '-r'], { env: database.env });
    const token = /[0-9a-f]{40}/.exec(stdout)?.[0] ?? '';
    expect((await graphql('{ me { username } }', { token })).data).toEqual({ me: { username: 'bob' } });
  });
});
