import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { connect, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { markedBlocks } from '../support/documents/snippets.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { until } from '../support/until.ts';

/** Whether a request got in, and as whom. */
type Outcome = { readonly status: number; readonly user: string | null };
type Ask = { readonly headers?: Record<string, string>; readonly method?: string; readonly body?: string };

/** Unknown tokens from one address that are answered with 401. */
const UNKNOWN = 50;

const GRAPHQL = { method: 'POST', body: '{"query":"{ user }"}' };

const recipes = [
  {
    name: 'nginx',
    command: 'nginx',
    args: ['-p', '.', '-c', 'nginx.conf', '-g', 'daemon off; pid nginx.pid; error_log stderr;'],
    isProxy: true,
  },
  { name: 'Caddy', command: 'caddy', args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'], isProxy: true },
  { name: 'HAProxy', command: 'haproxy', args: ['-f', 'haproxy.cfg'], isProxy: true },
  { name: 'Express', command: process.execPath, args: ['express.ts'] },
  { name: 'Apollo Server', command: process.execPath, args: ['apollo.ts'], ask: GRAPHQL },
  { name: 'Yoga and Pothos', command: process.execPath, args: ['yoga.ts'], ask: GRAPHQL },
  { name: 'Python', command: 'python3', args: ['backend.py'] },
];

/** Where Debian puts servers, which is not on every PATH. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/bin`;
const isInstalled = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`], { env: { PATH } }).status === 0;

let app: TestApp;
let link: TcpProxy;
let backend: { readonly port: number; readonly close: () => Promise<void> };
let folder: string;
let ann: { id: string; token: string };
const running = new Map<string, { readonly child: ChildProcess; readonly port: number }>();

/** What stands behind a proxy: believes its headers, and says which body came. */
async function startBackend() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(
      JSON.stringify({
        user: request.headers['x-auth-user-id'] ?? null,
        token: request.headers['x-auth-token-id'],
        body,
        headers: request.headers,
      }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { port: typeof address === 'object' && address ? address.port : 0, close };
}

async function freePort(): Promise<number> {
  const server = createNetServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

const listens = (port: number) =>
  new Promise<boolean>((answer) => {
    const socket = connect(port, '127.0.0.1', () => answer(true)).on('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

/** Writes the recipes with other ports, each into a folder of its own, and starts what is installed. */
async function startRecipe({ name, command, args, isProxy = false }: (typeof recipes)[number]): Promise<void> {
  if (!isInstalled(command)) return;
  const port = await freePort();
  const own = await mkdtemp(join(folder, 'recipe-'));
  await chmod(own, 0o755);
  const addressed = (code: string) =>
    code
      .replaceAll('127.0.0.1:4000', `127.0.0.1:${link.port}`)
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replaceAll(isProxy ? '127.0.0.1:5000' : '5000', isProxy ? `127.0.0.1:${backend.port}` : String(port));
  for (const { name: file, code } of markedBlocks('docs/beside.md')) await writeFile(join(own, file), addressed(code));
  const child = spawn(command, args, { cwd: own, env: { PATH, HOME: own, NODE_NO_WARNINGS: '1' }, stdio: 'ignore' });
  running.set(name, { child, port });
}

async function ask(port: number, { headers = {}, method = 'GET', body = '' }: Ask): Promise<Outcome> {
  const type = body === '' ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}/`, { method, headers: { ...type, ...headers }, ...(body !== '' && { body }) });
  const text = await response.text();
  const said = response.headers.get('content-type')?.includes('html') || !text.startsWith('{') ? {} : JSON.parse(text);
  const user = said.user ?? said.data?.user ?? null;
  return { status: response.status, user: user === null ? null : String(user) };
}

/** As a client at an address of this machine, with headers that fetch does not send. */
const askFrom = (address: string, port: number, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; body: string }>((answer, fail) => {
    const target = { host: '127.0.0.1', port, headers, localAddress: address, agent: false };
    request(target, async (response) => answer({ status: response.statusCode, body: await text(response) }))
      .on('error', fail)
      .end();
  });

beforeAll(async () => {
  app = await createTestApp({
    env: { TRUST_PROXY: '1', THROTTLE: 'on', THROTTLE_UNKNOWN_TOKEN: `${UNKNOWN}/1h`, THROTTLE_REGISTER: '1000/1h' },
  });
  ann = await app.register('ann');
  link = await startTcpProxy(Number(new URL(app.url).port));
  backend = await startBackend();
  folder = await mkdtemp(join(tmpdir(), 'beside-'));
  await chmod(folder, 0o755);
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await symlink(resolve('.'), join(folder, 'project'));
  await writeFile(
    join(folder, 'package.json'),
    '{ "type": "module", "name": "graphql-token-auth", "exports": { "./verify": "./verify.ts" } }',
  );
  await writeFile(join(folder, 'verify.ts'), `export * from ${JSON.stringify(resolve('src/verify.ts'))};`);
  await Promise.all(recipes.map(startRecipe));
  await Promise.all([...running.values()].map(({ port }) => until(() => listens(port), 30_000)));
}, 60_000);

afterAll(async () => {
  const children = [...running.values()].map(({ child }) => child);
  const gone = children.map((child) => child.exitCode ?? once(child, 'exit'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(gone);
  await backend.close();
  await link.cut();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(recipes)('$name', ({ name, command, ask: usual = {}, isProxy = false }) => {
  const tries = (given: Ask, skip: (note: string) => void) => {
    const found = running.get(name);
    if (!found) skip(`${command} is not installed`);
    return ask(found?.port ?? 0, { ...usual, ...given });
  };
  const token = (key: string) => ({ Authorization: `Token ${key}` });

  it('lets a good token in as its owner', async ({ skip }) => {
    expect(await tries({ headers: token(ann.token) }, skip)).toEqual({ status: 200, user: ann.id });
  });

  it('lets no request in by mistake', async ({ skip }) => {
    const expired = await app.register(`expired-${name.replaceAll(' ', '-')}`);
    await app.sql("update tokens set expires_at = now() - interval '1 second' where user_id = ?", [expired.id]);
    const forged = { 'X-Auth-User-Id': ann.id, 'X-Auth-Username': 'ann', 'X-Auth-Scopes': 'superuser', 'X-Auth-Token-Id': '1' };
    const browser = { Accept: 'text/html,application/xhtml+xml' };
    const attempts: Ask[] = [
      {},
      { headers: token('0'.repeat(40)) },
      { headers: token(expired.token) },
      { headers: { Authorization: 'Basic YTpi' } },
      { headers: forged },
      { headers: { ...forged, ...token('unknown') } },
      { headers: browser },
      { headers: { ...browser, ...token('unknown') } },
      { headers: { Accept: 'application/json' } },
      { method: 'POST', body: usual.body ?? '{"a":1}', headers: forged },
    ];
    for (const attempt of attempts) {
      const { status, user } = await tries(attempt, skip);
      expect([user, status === 200 && name !== 'Yoga and Pothos']).toEqual([null, false]);
    }
  });

  it('takes no word of a client for its identity, and passes a body on', async ({ skip }) => {
    const forged = { ...token(ann.token), 'X-Auth-User-Id': '999999', 'X-Auth-Token-Id': '999999' };
    expect(await tries({ headers: forged, method: 'POST', body: usual.body ?? '{"a":1}' }, skip)).toEqual({ status: 200, user: ann.id });
    if (!isProxy) return;
    const reply = await fetch(`http://127.0.0.1:${running.get(name)?.port}/`, { method: 'POST', headers: forged, body: '{"a":1}' });
    const { token: tokenId = '', body } = JSON.parse(await reply.text());
    expect([tokenId === '999999', body]).toEqual([false, '{"a":1}']);
  });

  it('lets no request in while the server is away', async ({ skip }) => {
    await link.cut();
    try {
      const { status, user } = await tries({ headers: token(ann.token) }, skip);
      expect([user, status === 200 && name !== 'Yoga and Pothos']).toEqual([null, false]);
    } finally {
      await link.mend();
    }
  });
});

describe.each(recipes.filter(({ isProxy, command }) => isProxy && isInstalled(command)))('an API behind $name', ({ name }) => {
  const portOf = () => running.get(name)?.port ?? 0;
  const signedIn = () => ({ Authorization: `Token ${ann.token}` });
  const identity = ({ body }: { body: string }): IncomingHttpHeaders => {
    const entries: [string, string][] = Object.entries(JSON.parse(body).headers);
    return Object.fromEntries(entries.filter(([header, value]) => /^x[-_]auth/.test(header) && value !== ''));
  };

  it('hears of the user what /verify says, however a client spells its own claims', async () => {
    const claims = ['X_Auth_User_Id', 'X-Auth_User-Id', 'X_Auth-Scopes', 'x_auth_username', 'X-AUTH-SCOPES', 'X-Auth-User-Id'];
    const forged = Object.fromEntries(claims.map((header) => [header, '999999']));
    const { 'x-auth-token-id': _tokenId, ...heard } = identity(await askFrom('127.0.0.1', portOf(), { ...forged, ...signedIn() }));
    expect(heard).toEqual({ 'x-auth-user-id': ann.id, 'x-auth-username': 'ann' });
  });

  it('hears no claim of a client that calls the true headers hop-by-hop', async () => {
    const forged = { 'X-Auth-User-Id': '999999', 'X-Auth-Scopes': 'superuser', Connection: 'close, X-Auth-User-Id, X-Auth-Scopes' };
    const heard = identity(await askFrom('127.0.0.1', portOf(), { ...forged, ...signedIn() }));
    expect([ann.id, undefined]).toContain(heard['x-auth-user-id']);
    expect(heard).not.toHaveProperty('x-auth-scopes');
  });

  it('shares its budget of unknown tokens among the clients of one address, not among all', async () => {
    const place = 1 + recipes.findIndex((recipe) => recipe.name === name);
    const [guesser, other] = [`127.0.1.${place}`, `127.0.2.${place}`];
    const unknown = { Authorization: `Token ${'1'.repeat(40)}` };
    for (let n = 0; n < UNKNOWN; n++) expect((await askFrom(guesser, portOf(), unknown)).status).toBe(401);
    expect([429, 500]).toContain((await askFrom(guesser, portOf(), unknown)).status); // nginx knows 401 and 403 alone
    expect((await askFrom(guesser, portOf(), signedIn())).status).toBe(200);
    expect((await askFrom(other, portOf(), unknown)).status).toBe(401);
  });
});
