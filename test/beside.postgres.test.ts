import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './support/app/test-app.ts';
import { markedBlocks } from './support/documents/snippets.ts';
import { startTcpProxy, type TcpProxy } from './support/network/tcp-proxy.ts';
import { until } from './support/until.ts';

type Recipe = {
  readonly name: string;
  /** The blocks of docs/beside.md that it consists of. */
  readonly files: readonly string[];
  readonly path: string;
  readonly command: readonly [string, ...string[]];
  /** What the block stands in when it runs. */
  readonly around?: (code: string, folder: string) => string;
};

const nginxAround = (code: string, folder: string) => `
  daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
  events {}
  http {
    access_log off;
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    ${code}
  }`;
const caddyAround = (code: string) => `{\n  admin off\n  auto_https off\n}\n${code}`;
const isInstalled = (program: string) => spawnSync('which', [program]).status === 0;

const proxies: Recipe[] = [
  { name: 'nginx', files: ['nginx.conf'], path: '/any', command: ['nginx', '-e', 'stderr', '-c'], around: nginxAround },
  {
    name: 'caddy',
    files: ['Caddyfile'],
    path: '/any',
    command: ['caddy', 'run', '--adapter', 'caddyfile', '--config'],
    around: caddyAround,
  },
  { name: 'haproxy', files: ['haproxy.cfg', 'verify.lua'], path: '/any', command: ['haproxy', '-db', '-f'] },
];
const services: Recipe[] = [
  { name: 'Yoga', files: ['yoga.ts'], path: '/graphql', command: [process.execPath] },
  { name: 'Apollo Server', files: ['apollo.ts'], path: '/graphql', command: [process.execPath] },
  { name: 'Express', files: ['express.ts'], path: '/who-am-i', command: [process.execPath] },
  { name: 'Python', files: ['service.py'], path: '/any', command: ['python3'] },
];
const here = [...proxies, ...services].filter(({ command: [program] }) => isInstalled(program));
const missing = proxies.filter((recipe) => !here.includes(recipe)).map(({ name }) => name);
if (missing.length > 0) console.warn(`not tested, because they are not installed: ${missing.join(', ')}`);

const blocks = markedBlocks('docs/beside.md');

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** The service behind the proxies: it believes what they say of who is asking. */
const behind = createServer(async (request, response) => {
  const body = await text(request);
  reached.push({ headers: request.headers, body, method: request.method });
  response.end(JSON.stringify({ data: { whoAmI: request.headers['x-auth-user-id'] } }));
});
const reached: { headers: IncomingHttpHeaders; body: string; method: string | undefined }[] = [];

let app: TestApp;
let away: TcpProxy;
let root: string;
let ann: { id: string; token: string };
const ports = new Map<string, number>();
const processes: ChildProcess[] = [];

const answers = (port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });

async function start({ name, files, command: [program, ...options], around = (code) => code }: Recipe, service: number) {
  const folder = join(root, name.replaceAll(' ', '-'));
  await mkdir(folder);
  const port = await freePort();
  ports.set(name, port);
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await symlink(resolve('src/verify.ts'), join(folder, 'verify.ts'));
  await writeFile(
    join(folder, 'package.json'),
    '{ "name": "graphql-token-auth", "type": "module", "exports": { "./verify": "./verify.ts" } }',
  );
  const isProxy = proxies.some((proxy) => proxy.name === name);
  for (const file of files) {
    const code = blocks.find((block) => block.name === file)?.code ?? '';
    const placed = code
      .replaceAll('127.0.0.1:4000', `127.0.0.1:${away.port}`)
      .replaceAll(':8080', `:${port}`)
      .replaceAll('8000', String(isProxy ? service : port));
    await writeFile(join(folder, file), file === files[0] ? around(placed, folder) : placed);
  }
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, [...options, join(folder, files[0] ?? '')], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  processes.push(child);
  let said = '';
  child.stderr?.on('data', (chunk) => (said += chunk));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    return answers(port);
  }, 30_000);
}

beforeAll(async () => {
  app = await createTestApp({
    env: { THROTTLE: 'on', THROTTLE_UNKNOWN_TOKEN: '20/1h', THROTTLE_REGISTER: '1000/1h', TRUST_PROXY: '1' },
  });
  ann = await app.register('Änn');
  away = await startTcpProxy(Number(new URL(app.url).port));
  root = await mkdtemp(join(tmpdir(), 'beside-'));
  await once(behind.listen(0, '127.0.0.1'), 'listening');
  const address = behind.address();
  const service = typeof address === 'object' && address ? address.port : 0;
  await Promise.all(here.map((recipe) => start(recipe, service)));
});
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  behind.close().closeAllConnections();
  await away?.cut();
  await app?.close();
  await rm(root, { recursive: true, force: true });
});

/** Each proxy has clients of its own, since unknown tokens are counted by address. */
const addressFor = (name: string) => `127.0.0.${2 + proxies.findIndex((proxy) => proxy.name === name)}`;

const QUERY = JSON.stringify({ query: '{ whoAmI }' });
type Asked = { readonly headers?: Record<string, string>; readonly method?: string; readonly query?: string; readonly from?: string };

/** Asks through a recipe, with a body, as a client at an address of this machine. */
function ask({ name, path }: Recipe, { headers = {}, method = 'POST', query = '', from = addressFor(name) }: Asked = {}) {
  return new Promise<{ status: number | undefined; body: string; headers: IncomingHttpHeaders }>((done, fail) => {
    const body = method === 'POST' ? QUERY : '';
    const all = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers };
    const target = {
      host: '127.0.0.1',
      port: ports.get(name),
      path: `${path}${query}`,
      method,
      headers: all,
      localAddress: from,
      agent: false,
    };
    request(target, async (response) => done({ status: response.statusCode, body: await text(response), headers: response.headers }))
      .on('error', fail)
      .end(body);
  });
}
const withToken = (token: string, scheme = 'Token') => ({ Authorization: `${scheme} ${token}` });
const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const forged = (id: string) => ({
  'X-Auth-User-Id': id,
  'x-auth-username': 'root',
  'X-AUTH-SCOPES': 'staff superuser',
  'X-Auth-Token-Id': id,
  X_Auth_User_Id: id,
  'X-Auth_User-Id': id,
  'X_Auth-Scopes': 'superuser',
});

/** Neither the client nor the service behind learns anything. */
async function expectRefused(recipe: Recipe, asked: Asked, status: number | readonly number[] = 401): Promise<void> {
  const before = reached.length;
  const reply = await ask(recipe, asked);
  expect([status].flat()).toContain(reply.status);
  expect(reply.body).not.toContain('"whoAmI":"');
  expect(reached).toHaveLength(before);
}

describe.each(here)('behind the recipe for $name', (recipe) => {
  it.each(['Token', 'Bearer'])('a good token of the scheme %s is let in', async (scheme) => {
    const reply = await ask(recipe, { headers: { ...withToken(ann.token, scheme), ...forged('999') } });
    expect([reply.status, JSON.parse(reply.body).data]).toEqual([200, { whoAmI: ann.id }]);
  });

  it.each([
    ['no token', {}],
    ['an unknown token', withToken('0'.repeat(40))],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['an empty header', { Authorization: '' }],
    ['two keys', { Authorization: 'Token a b' }],
  ])('%s is refused, also with forged headers or as a browser', async (_what, headers) => {
    await expectRefused(recipe, { headers });
    await expectRefused(recipe, { headers: { ...headers, ...forged(ann.id) } });
    await expectRefused(recipe, { headers: { ...headers, ...BROWSER } });
    await expectRefused(recipe, { headers, method: 'GET', query: '?scope=authenticated&as=hasura&query=%7BwhoAmI%7D' });
  });

  it('an expired token, and a deactivated user, are refused', async () => {
    const { id, token } = await app.register(`leaving-${recipe.name.replaceAll(' ', '-')}`);
    expect((await ask(recipe, { headers: withToken(token) })).status).toBe(200);
    await app.sql("update tokens set expires_at = now() - interval '1 second' where user_id = ?", [id]);
    await expectRefused(recipe, { headers: withToken(token) });
    await app.sql('update tokens set expires_at = null where user_id = ?', [id]);
    await app.sql('update users set is_active = false where id = ?', [id]);
    await expectRefused(recipe, { headers: withToken(token) });
  });
});

describe.each(proxies.filter((proxy) => here.includes(proxy)))('the service behind $name', (recipe) => {
  it('the service gets the body, and hears of the user what /verify says, and nothing that the client says', async () => {
    await ask(recipe, { headers: { ...withToken(ann.token), ...forged('999') } });
    expect(reached.at(-1)).toMatchObject({ method: 'POST', body: QUERY });
    const heard = Object.entries(reached.at(-1)?.headers ?? {}).filter(([name]) => /^x[-_]auth/.test(name));
    const [row] = await app.sql('select id::text from tokens where user_id = ?', [ann.id]);
    const headers = Object.fromEntries(heard.filter(([, value]) => value !== ''));
    expect(headers).toEqual({ 'x-auth-user-id': ann.id, 'x-auth-username': '%C3%84nn', 'x-auth-token-id': row?.id });
  });

  it('a client cannot take the headers about the user away and put its own in their place', async () => {
    const headers = { ...withToken(ann.token), ...forged('999'), Connection: 'close, X-Auth-User-Id, X-Auth-Scopes' };
    await ask(recipe, { headers });
    expect([ann.id, undefined]).toContain(reached.at(-1)?.headers['x-auth-user-id']);
    expect(['', undefined]).toContain(reached.at(-1)?.headers['x-auth-scopes']);
  });

  it('a client that guesses is told apart from others by its address', async () => {
    const from = `127.0.1.${1 + proxies.indexOf(recipe)}`;
    const headers = withToken('1'.repeat(40));
    for (let n = 0; n < 20; n++) await expectRefused(recipe, { headers, from });
    await expectRefused(recipe, { headers, from }, [429, 500]);
    expect((await ask(recipe, { headers: withToken(ann.token), from })).status).toBe(200);
    await expectRefused(recipe, { headers, from: `127.0.2.${1 + proxies.indexOf(recipe)}` });
  });
});

describe('while the server is away', () => {
  beforeAll(() => away.cut());
  afterAll(() => away.mend());

  it.each(here)('the recipe for $name lets no request in', async (recipe) => {
    const before = reached.length;
    for (const headers of [withToken(ann.token), forged(ann.id), { ...withToken(ann.token), ...BROWSER }]) {
      const reply = await ask(recipe, { headers });
      expect(reply.body).not.toContain('"whoAmI":"');
      expect(reply.status).toBeGreaterThanOrEqual(401);
    }
    expect(reached).toHaveLength(before);
  });
});
