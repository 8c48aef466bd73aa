import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServerProcess } from '../support/app/server-process.ts';
import { GOOD_PASSWORD, graphqlClient } from '../support/client/graphql-client.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import { startPostgresOfPgDump } from './installed-postgres.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';
const ACCOUNT = '{ me { username } tokens { name } securityEvents { edges { node { id kind happenedAt } } } }';

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Serves a database for as long as `work` takes. */
async function during<Result>(env: Record<string, string>, work: (url: string) => Promise<Result>): Promise<Result> {
  const server = await startServerProcess(env);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

const settle = (env: Record<string, string>) =>
  during(env, async (url) => {
    const { register, graphql } = graphqlClient(url);
    const { token } = await register('ada');
    return { token, account: (await graphql(ACCOUNT, { token })).data };
  });

const expectEverything = (env: Record<string, string>, { token, account }: Awaited<ReturnType<typeof settle>>) =>
  during(env, async (url) => {
    const { graphql } = graphqlClient(url);
    expect((await graphql(ACCOUNT, { token })).data).toEqual(account);
    const { data } = await graphql(LOGIN, { variables: { input: { username: 'ada', password: GOOD_PASSWORD } } });
    expect(data.login.status.code).toBe('200 OK');
    await graphqlClient(url).register('bob'); // sequences are where they were
  });

describe('a backup', () => {
  it('of the embedded database, copied while the server is stopped, has everything', async () => {
    const folder = scratchFolder();
    const settled = await settle({ DATA_DIR: join(folder, 'data') });
    cpSync(join(folder, 'data'), join(folder, 'backup'), { recursive: true });
    rmSync(join(folder, 'data'), { recursive: true });
    await expectEverything({ DATA_DIR: join(folder, 'backup') }, settled);
  });

  it('of PostgreSQL by pg_dump, taken while the server runs and restored by pg_restore, has everything', async () => {
    const folder = scratchFolder();
    const postgres = await startPostgresOfPgDump(folder);
    onTestFinished(postgres.stop);
    const url = onServer(postgres.url, await createDatabase(postgres.url));
    const env = { DATABASE_URL: url, AUTO_MIGRATE: 'true', DATA_DIR: folder };
    const settled = await settle(env);
    const file = join(folder, 'backup.dump');
    await during(env, async () => void execFileSync('pg_dump', ['--format=custom', `--file=${file}`, url], { stdio: 'pipe' }));
    const restored = onServer(postgres.url, await createDatabase(postgres.url));
    const options = ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges', `--dbname=${restored}`];
    execFileSync('pg_restore', [...options, file], { stdio: 'pipe' });
    await expectEverything({ DATABASE_URL: restored, DATA_DIR: folder }, settled);
  });
});
