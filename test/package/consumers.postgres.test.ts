import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilReady } from '../support/app/server-process.ts';
import { createTestDatabase } from '../support/database/database.ts';
import { buildForConsumers, COMMAND, type Consumers, runNode } from '../support/package/consumer.ts';

const TSC = resolve('node_modules/typescript/bin/tsc');

let consumers: Consumers;
let command: string;
beforeAll(async () => {
  consumers = await buildForConsumers();
  command = join(consumers.folder, COMMAND);
}, 120_000);
afterAll(() => consumers.remove());

/** The package's command, with what came of it. */
function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

describe('the package', () => {
  const folderOf = () => join(consumers.folder, 'node_modules/graphql-token-auth');

  it('has everything that the sources read, and no source', () => {
    const inPackage = (pattern: string) => globSync(pattern, { cwd: folderOf() }).sort();
    const compiled = globSync('{src,migrations}/**/*.ts').map((file) => file.replace(/\.ts$/, '.js'));
    expect(inPackage('{src,migrations}/**/*.js')).toEqual(expect.arrayContaining(compiled));
    expect(inPackage('{src,migrations}/**/*.d.ts')).toEqual(expect.arrayContaining(compiled.map((file) => file.replace(/\.js$/, '.d.ts'))));
    expect(inPackage('{src,migrations}/**/*.ts').filter((file) => !file.endsWith('.d.ts'))).toEqual([]);
    expect(inPackage('src/**/lists/*')).toEqual(globSync('src/**/lists/*').sort());
    const front = globSync('web/**/*.{ts,css}', { cwd: '.' }).map((file) => file.replace(/\.ts$/, '.js'));
    expect(inPackage('web/**/*.*')).toEqual(front.sort());
  });

  it('names peers for what an app imports too, exact versions for the rest, and nothing that runs at an install', () => {
    const manifest = JSON.parse(readFileSync(join(folderOf(), 'package.json'), 'utf8'));
    const clone = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private', 'scripts', 'optionalDependencies', 'devDependencies']));
    const both = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect(Object.keys(both).sort()).toEqual(Object.keys(clone.dependencies).sort());
    expect(Object.entries(manifest.dependencies).filter(([name, version]) => clone.dependencies[name] !== version)).toEqual([]);
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual([
      '@pothos/core',
      '@pothos/plugin-scope-auth',
      '@pothos/plugin-with-input',
      'graphql',
      'graphql-yoga',
    ]);
    for (const [name, { default: file }] of Object.entries<{ default: string }>(manifest.exports).filter(
      ([, value]) => typeof value === 'object',
    )) {
      expect(existsSync(join(folderOf(), file)), name).toBe(true);
    }
  });
});

describe('npx graphql-token-auth', () => {
  it('init writes a project whose tests pass, and says what to do next', () => {
    const { code, stdout } = run(consumers.folder, ['init', 'my blog']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Wrote my blog. Next:\n\n  cd 'my blog'\n  npm install\n  npm test\n  npm start\n",
    });
    const project = join(consumers.folder, 'my blog');
    const { name, dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect([name, dependencies['graphql-token-auth']]).toEqual(['my-blog', `^${version}`]);
    expect(statSync(join(project, 'app.ts')).mode & 0o777).toBe(0o644);
    expect(readFileSync(join(project, '.gitignore'), 'utf8')).toContain('.env\n');
    expect(readFileSync(join(project, '.env.example'), 'utf8')).toBe(readFileSync('.env.example', 'utf8'));
    expect(runNode(project, ['--test', '**/*.test.ts'])).toMatch(/pass 2\n/);
  });

  it('init touches no folder that has something in it', () => {
    const folder = join(consumers.folder, 'full');
    mkdirSync(folder);
    writeFileSync(join(folder, '.hidden'), '');
    expect(run(consumers.folder, ['init', 'full'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'full is not an empty folder. Name one that is new or empty.\n',
    });
  });

  it.each<[string[], string]>([
    [['strat'], "error: unknown command 'strat'\n(Did you mean start?)\nRun `npx graphql-token-auth help` for"],
    [['start', '--app', 'nowhere.ts'], 'error: There is no nowhere.ts; --app names the file that exports the app.\n'],
    [['start', '--app'], 'error: --app needs a file'],
    [['init'], "error: missing required argument 'folder'"],
  ])('%j is wrong usage: a sentence and exit code 2', (args, sentence) => {
    const { code, stdout, stderr } = run(consumers.folder, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('help names its own commands and those of npm run manage', () => {
    const { stdout } = run(consumers.folder, ['--help']);
    for (const command of ['start', 'dev', 'init', 'schema', 'create-migration', 'createsuperuser'])
      expect(stdout).toContain(`  ${command} `);
    expect(stdout).not.toContain('npm run');
  });

  it('an app that is none, or that declares what cannot be, is answered in one sentence', () => {
    const folder = join(consumers.folder, 'wrong');
    mkdirSync(folder);
    writeFileSync(join(folder, 'app.js'), 'export const app = 1;');
    const sentence = `${join(folder, 'app.js')} has to export by default what defineApp returns.\n`;
    expect(run(folder, ['migrate'])).toEqual({ code: 1, stdout: '', stderr: sentence });
    expect(run(folder, ['start'])).toEqual({ code: 1, stdout: '', stderr: sentence });
    writeFileSync(
      join(folder, 'app.js'),
      "import { defineApp } from 'graphql-token-auth';\nexport default defineApp({ scopes: { staff: 'x' } });",
    );
    expect(run(folder, ['start'])).toMatchObject({ code: 1, stderr: 'The scope "staff" is the server\'s own. Choose another name.\n' });
  });
});

it('an app with another copy of a package that must not be there twice is refused in one sentence', () => {
  const folder = join(consumers.folder, 'two-copies');
  const copy = join(folder, 'node_modules/@mikro-orm/core');
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "name": "@mikro-orm/core", "type": "module", "exports": "./index.js" }');
  writeFileSync(join(copy, 'index.js'), '');
  writeFileSync(join(folder, 'app.js'), "import { defineApp } from 'graphql-token-auth';\nexport default defineApp({});");
  const place = realpathSync(join(copy, 'index.js'));
  const sentence = `The app has a copy of @mikro-orm/core of its own: ${place}. Remove it from package.json: the server brings the one that fits.\n`;
  expect(run(folder, ['start'])).toEqual({ code: 1, stdout: '', stderr: sentence });
});

describe('examples/blog', () => {
  let project: string;
  beforeAll(() => {
    project = join(consumers.folder, 'blog');
    cpSync('examples/blog', project, { recursive: true });
  });

  it('has no mistake that TypeScript finds, declarations of packages included', () => {
    expect(runNode(project, [TSC])).toBe('');
  });

  it('passes its own tests', async () => {
    const { env, drop } = await createTestDatabase();
    expect(runNode(project, ['--test', '**/*.test.ts'], { TEST_DATABASE_URL: env.DATABASE_URL ?? '' })).toMatch(/fail 0\n/);
    await drop();
  });

  it('prints its schema, and serves it from several processes', async () => {
    expect(run(project, ['schema', '--app=app.ts']).stdout).toMatch(
      /publishPost\([^)]*\): PublishPostPayload @requiresScopes\(scopes: \[\["editor"\]\]\)/,
    );
    const { env, drop } = await createTestDatabase();
    const own = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      NODE_ENV: 'test',
      PORT: '0',
      SHUTDOWN_DELAY: '0',
    };
    const child = spawn(process.execPath, [command, 'start'], {
      cwd: project,
      env: { ...own, ...env, WORKERS: '2', BCRYPT_COST: '4', AUTO_MIGRATE: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = await untilReady(child);
    const query = JSON.stringify({ query: '{ posts { edges { node { title } } } }' });
    const ask = () => fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: query });
    expect(await (await ask()).json()).toEqual({ data: { posts: { edges: [] } } });
    const page = await (await fetch(`${server.url}/account`)).text();
    const files = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => fetch(`${server.url}${path}`));
    expect(files).not.toEqual([]);
    for (const file of await Promise.all(files)) expect(file.status, file.url).toBe(200);
    expect(execFileSync('ps', ['-o', 'args=', '-p', String(server.pid)], { encoding: 'utf8' })).toContain('--max-semi-space-size=8');
    expect(await server.stop()).toBe(0);
    await drop();
  });
});
