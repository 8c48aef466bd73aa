import { afterEach, describe, expect, it } from 'vitest';
import { failToStart, type ServerProcess, startServerProcess } from '../support/app/server-process.ts';
import { GOOD_PASSWORD, graphqlClient } from '../support/client/graphql-client.ts';
import { createTestDatabase } from '../support/database/database.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function database(options?: { empty: boolean }) {
  const made = await createTestDatabase(options);
  cleanUp.push(made.drop);
  return made;
}

async function start(env: Record<string, string>): Promise<ServerProcess> {
  const server = await startServerProcess(env);
  cleanUp.push(() => server.stop('SIGKILL'));
  return server;
}

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';
const canLogIn = async (url: string, username: string) => {
  const { data } = await graphqlClient(url).graphql(LOGIN, { variables: { input: { username, password: GOOD_PASSWORD } } });
  return data.login.status.code === '200 OK';
};

describe('what was written', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('is still there after %s and a restart', async (signal) => {
    const { env } = await database();
    const first = await start(env);
    const { token } = await graphqlClient(first.url).register('lasting');
    expect(await first.stop(signal)).toBe(signal === 'SIGTERM' ? 0 : null);
    const second = await start(env);
    expect((await graphqlClient(second.url).graphql('{ hello }', { token })).data).toEqual({ hello: 'Hello, World!' });
    expect(await canLogIn(second.url, 'lasting')).toBe(true);
  });
});

describe('the banner', () => {
  it('names the API, GraphiQL, the database without its password and the next command', async () => {
    const { env, isEmbedded } = await database();
    const { banner, url } = await start(env);
    expect(banner).toContain(`${url}/graphql`);
    expect(banner).toContain('GraphiQL');
    expect(banner).toContain('npm run manage createsuperuser');
    expect(banner).toContain(isEmbedded ? `embedded, ${env.DATA_DIR}` : `PostgreSQL at ${new URL(env.DATABASE_URL ?? '').host}`);
    expect(banner).not.toContain('password');
  });
});

describe('an unmigrated database', () => {
  it('is migrated on start when embedded; on PostgreSQL the server refuses and names the command', async () => {
    const { env, isEmbedded } = await database({ empty: true });
    if (isEmbedded) return expect((await fetch(`${(await start(env)).url}/readyz`)).status).toBe(200);
    const { code, stderr } = await failToStart(env);
    expect(code).toBe(1);
    expect(stderr).toContain('npm run manage migrate');
  });

  it('is migrated on start with AUTO_MIGRATE=true', async () => {
    const { env } = await database({ empty: true });
    const server = await start({ ...env, AUTO_MIGRATE: 'true' });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
