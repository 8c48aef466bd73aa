import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, untilReady } from '../support/app/server-process.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import { keepExitCode, type PostgresServer, startPostgres } from '../support/database/postgres-server.ts';
import { invite } from './customers.ts';
import { install, previousCommit } from './previous-version.ts';

const VISITS = 100;
const commit = previousCommit();

let scratch: string;
let postgres: PostgresServer;
let env: Record<string, string>;

beforeAll(async () => {
  keepExitCode();
  scratch = mkdtempSync(join(tmpdir(), 'upgrade-'));
  postgres = await startPostgres();
  const database = await createDatabase(postgres.url);
  env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test',
    DATABASE_URL: onServer(postgres.url, database),
    DATA_DIR: scratch,
    PORT: '0',
    BCRYPT_COST: '4',
    THROTTLE: 'off',
    SHUTDOWN_DELAY: '0',
  };
});

afterAll(async () => {
  await postgres?.stop();
  rmSync(scratch, { recursive: true });
});

/** A version of the program: its folder, and what its `npm start` runs. */
type Version = { readonly folder: string; readonly start: readonly string[] };

const serve = ({ folder, start }: Version): Promise<ServerProcess> =>
  untilReady(spawn(process.execPath, start, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));

const migrate = ({ folder }: Version): string =>
  execFileSync(process.execPath, ['src/manage.ts', 'migrate'], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });

it(`from ${commit.slice(0, 7)} to this version, node by node under load: nobody gets a wrong answer`, async () => {
  const previous: Version = { folder: join(scratch, 'previous'), start: install(commit, join(scratch, 'previous')) };
  const current: Version = { folder: resolve('.'), start: ['--max-semi-space-size=8', 'src/start.js'] };
  const inService: ServerProcess[] = [];
  const all: ServerProcess[] = [];
  const add = async (version: Version) => {
    const server = await serve(version);
    inService.push(server);
    all.push(server);
    return server;
  };
  const retire = async (server: ServerProcess) => {
    inService.splice(inService.indexOf(server), 1);
    return server.stop();
  };
  const isReady = async ({ url }: ServerProcess) => (await fetch(`${url}/readyz`)).status;

  try {
    migrate(previous);
    const old = [await add(previous), await add(previous)];
    const customers = invite(6, () => inService.map(({ url }) => url));
    await customers.visits(VISITS);

    expect(migrate(current)).toContain('Applied');
    await customers.visits(VISITS);
    expect(await Promise.all(old.map(isReady))).toEqual([200, 200]);

    await add(current);
    await customers.visits(VISITS);
    expect(await retire(old[0] as ServerProcess)).toBe(0);
    await add(current);
    await customers.visits(VISITS);

    const back = await add(previous); // there is a way back: the previous version starts on the new schema
    await customers.visits(VISITS);
    expect(await retire(back)).toBe(0);
    expect(await retire(old[1] as ServerProcess)).toBe(0);
    await customers.visits(VISITS);

    const visits = await customers.leave();
    expect(customers.wrongAnswers()).toEqual([]);
    process.stdout.write(`${visits} visits of 10 requests each, no wrong answer\n`);
  } finally {
    for (const server of all) if (inService.includes(server)) await server.stop();
  }
});
