import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

const apps: TestApp[] = [];
afterAll(() => Promise.all(apps.map(({ close }) => close())));

async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await createTestApp({ env });
  apps.push(app);
  return app;
}

const fromBrowser = ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'];
const browse = ({ url }: TestApp) => rawRequest(url, { headers: fromBrowser });

describe('GraphiQL in development', () => {
  let app: TestApp;
  let reply: Awaited<ReturnType<typeof browse>>;
  beforeAll(async () => {
    app = await start({ NODE_ENV: 'development' });
    reply = await browse(app);
  });

  it('is a page that no cache keeps', () => {
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(reply.headers.vary).toBe('Authorization, Accept, Origin, Accept-Encoding');
  });

  it.each([
    { accepted: 'gzip, deflate, br, zstd', encoding: 'gzip' },
    { accepted: 'identity;q=0.5, gzip;q=0.9', encoding: 'gzip' },
    { accepted: 'gzip;q=0.1, identity', encoding: undefined },
    { accepted: 'gzip;q=0', encoding: undefined },
    { accepted: 'br', encoding: undefined },
  ])('comes compressed to browsers that take it so: $accepted', async ({ accepted, encoding }) => {
    const response = await overOneConnection(
      app.url,
      `GET /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: ${accepted}\r\nConnection: close\r\n\r\n`,
      { encoding: 'latin1' },
    );
    const [head = '', body = ''] = response.split(/\r\n\r\n(.*)/s);
    expect(/^content-encoding: (.*)$/im.exec(head)?.[1]).toBe(encoding);
    const bytes = Buffer.from(body, 'latin1');
    expect((encoding ? gunzipSync(bytes) : bytes).equals(Buffer.from(reply.text))).toBe(true);
    expect(bytes.length).toBeLessThan(encoding ? 4_000_000 : 20_000_000);
  });

  it('may run its one script, reach this server and nothing else, and be in no frame', () => {
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(reply.text) ?? [];
    const policy = String(reply.headers['content-security-policy']).split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
      'worker-src blob:',
      "style-src 'unsafe-inline'",
      'img-src data:',
      'font-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    const others = { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };
    expect(reply.headers).toMatchObject(others);
    expect(script).not.toMatch(/\r|\beval\(["'`]|new Function\(/);
  });

  it('loads nothing: it has one script and one style inside and its icon as data', () => {
    const [, script = '', markup] = /^(.*<script>.*)(<\/script>.*)$/s.exec(reply.text) ?? [];
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(script) ?? [];
    expect(script.length).toBeGreaterThan(1_000_000);
    expect(style.length).toBeGreaterThan(100_000);
    const outside = reply.text.replace(/<script>.*<\/script>/s, '').replace(style, '');
    expect(outside.match(/<(script|iframe|img|object|embed)\b/gi)).toBeNull();
    expect([...outside.matchAll(/\b(?:src|href)="(\w+:)?/gi)].map(([, scheme]) => scheme)).toEqual(['data:']);
    expect(markup).toBeDefined();
    expect(style.match(/@import|url\(\s*["']?(?!["']?data:)/i)).toBeNull();
    expect(script.match(/\bimport\s*\(?\s*["'`](?:https?:)?\/\/|fetch\(\s*["'`]http|\.src\s*=\s*["'`]http/)).toBeNull();
    expect(script.match(/unpkg|jsdelivr|cdnjs|esm\.sh|skypack|googleapis|gstatic/i)).toBeNull();
  });

  it('opens with three tabs that work one after the other: Register, Login, Hello with the token pasted into its header', async () => {
    const options = /renderYogaGraphiQL\(\s*window\.document\.querySelector\('#root'\),\s*(\{.*\}),\s*\);/s.exec(reply.text)?.[1] ?? '{}';
    const [register, login, hello, ...more] = JSON.parse(options).defaultTabs;
    expect(more).toEqual([]);
    const registered = await app.graphql(register.query);
    expect(registered.data.register.status.code).toBe('200 OK');
    const loggedIn = await app.graphql(login.query);
    const headers = JSON.parse(hello.headers);
    expect(headers).toEqual({ Authorization: 'Token ' });
    const greeting = await app.graphql(hello.query, { headers: { Authorization: headers.Authorization + loggedIn.data.login.token } });
    expect(greeting.data).toMatchObject({ hello: 'Hello, World!', me: { username: 'JamesChe' } });
  });

  it('is for browsers only: clients get JSON from the same URL', async () => {
    const { json } = await rawRequest(app.url, { path: '/graphql?query=%7B__typename%7D', headers: ['Accept', 'application/json'] });
    expect(json).toEqual({ data: { __typename: 'Query' } });
    expect((await rawRequest(app.url, { query: '{ __typename }', headers: fromBrowser })).json).toEqual({ data: { __typename: 'Query' } });
  });
});

const SCHEMA = '{ __schema { queryType { name } } }';
const production = { NODE_ENV: 'production', HOST: '127.0.0.1', BCRYPT_COST: '10' };

describe('in production', () => {
  it('GraphiQL and introspection are off, and no suggestion of a name gives the schema away', async () => {
    const app = await start(production);
    const page = await browse(app);
    expect(page.status).toBe(400);
    expect(page.headers['content-type']).toBe('application/json; charset=utf-8');
    for (const query of [SCHEMA, '{ __type(name: "User") { name } }']) {
      const { errors, data } = await app.graphql(query);
      expect(data).toBeUndefined();
      expect(errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    }
    expect((await app.graphql('{ helo }')).errors[0]?.message).toBe('Cannot query field "helo" on type "Query".');
    expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it('staff alone may ask for the schema, whoever asked the same before', async () => {
    const app = await start(production);
    const [staff, other] = [await app.register('staff'), await app.register('other')];
    await app.sql('update users set is_staff = true where id = ?', [staff.id]);
    for (const _round of [1, 2]) {
      expect((await app.graphql(SCHEMA)).status).toBe(400);
      expect((await app.graphql(SCHEMA, { token: other.token })).errors[0]?.message).toMatch(/^GraphQL introspection has been disabled/);
      expect((await app.graphql(SCHEMA, { token: staff.token })).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    }
    await app.sql('update users set is_staff = false where id = ?', [staff.id]);
    expect((await app.graphql(SCHEMA, { token: staff.token })).status).toBe(400);
  });

  it('neither fragments nor other operations nor conditions hide that somebody asks for the schema', async () => {
    const app = await start(production);
    const fragment = 'fragment f on Query { ... { s: __schema { queryType { name } } } }';
    for (const query of [`{ ...f } ${fragment}`, `query A { ...f } ${fragment}`, '{ __type(name: "User") @skip(if: true) { name } }']) {
      expect((await app.graphql(query)).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it.each([
    { env: { GRAPHIQL: 'true' }, page: 200, schema: 400 },
    { env: { INTROSPECTION: 'true' }, page: 400, schema: 200 },
  ])('$env switches just that on', async ({ env, page, schema }) => {
    const app = await start({ ...production, ...env });
    expect((await browse(app)).status).toBe(page);
    expect((await app.graphql(SCHEMA)).status).toBe(schema);
  });
});

describe('in development', () => {
  it('both can be switched off', async () => {
    const app = await start({ GRAPHIQL: 'false', INTROSPECTION: 'false' });
    expect((await browse(app)).status).toBe(400);
    expect((await app.graphql(SCHEMA)).status).toBe(400);
    expect((await app.graphql('{ helo }')).status).toBe(400);
  });
});
