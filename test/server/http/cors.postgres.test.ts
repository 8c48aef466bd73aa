import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';

const ours = 'https://app.example.com';
const alsoOurs = 'http://localhost:5173';

let closed: TestApp;
let shared: TestApp;
beforeAll(async () => {
  [closed, shared] = await Promise.all([createTestApp(), createTestApp({ env: { CORS_ORIGINS: `${ours}, ${alsoOurs}` } })]);
});
afterAll(() => Promise.all([closed.close(), shared.close()]));

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: ['Origin', origin, 'Access-Control-Request-Method', 'POST', 'Access-Control-Request-Headers', 'content-type,authorization'],
});
const request = (origin: string) => ({ query: '{ hello }', headers: ['Origin', origin] });
const corsHeadersOf = ({ headers }: Awaited<ReturnType<typeof rawRequest>>) =>
  Object.entries(headers).filter(([name]) => name.startsWith('access-control-'));

describe.each([ours, alsoOurs])('a front end at the listed %s', (origin) => {
  it('may read answers and the challenge in them, without credentials', async () => {
    const reply = await rawRequest(shared.url, request(origin));
    expect(reply.status).toBe(401);
    expect(corsHeadersOf(reply)).toEqual([
      ['access-control-allow-origin', origin],
      ['access-control-expose-headers', 'WWW-Authenticate,Retry-After,X-Request-Id'],
    ]);
    expect(reply.headers.vary).toBe('Authorization, Accept, Origin');
  });

  it('may send what a GraphQL client sends', async () => {
    const reply = await rawRequest(shared.url, preflight(origin));
    expect(reply.status).toBe(204);
    expect(reply.headers['access-control-allow-origin']).toBe(origin);
    expect(reply.headers['access-control-allow-methods']).toBe('GET,POST');
    expect(reply.headers['access-control-allow-headers']).toBe('content-type,authorization');
    expect(reply.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(reply.headers.vary).toContain('Origin');
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('may read refusals, too', async () => {
    const reply = await rawRequest(shared.url, { method: 'POST', headers: ['Origin', origin] });
    expect(reply.status).toBe(415);
    expect(reply.headers['access-control-allow-origin']).toBe(origin);
  });
});

describe('an origin that is not listed gets no CORS header at all', () => {
  const foreign = [
    'https://evil.example',
    'null',
    `${ours}.evil.example`,
    `${ours}:8443`,
    ours.replace('https', 'http'),
    ours.toUpperCase(),
    '',
  ];

  it.each(foreign)('%j', async (origin) => {
    const reply = await rawRequest(shared.url, request(origin));
    expect(corsHeadersOf(reply)).toEqual([]);
    expect(reply.headers.vary).toBe('Authorization, Accept, Origin');
    const refused = await rawRequest(shared.url, preflight(origin));
    expect(refused.status).toBe(405);
    expect(corsHeadersOf(refused)).toEqual([]);
  });
});

describe('without CORS_ORIGINS', () => {
  it.each([request(ours), preflight(ours), preflight('null')])('nobody gets a CORS header: %#', async (sent) => {
    expect(corsHeadersOf(await rawRequest(closed.url, sent))).toEqual([]);
  });
});

describe('CORS_ORIGINS', () => {
  let app: TestApp;
  beforeAll(async () => {
    const listed =
      'https://app.example.com/, https://*.example.app, https://*.preview.example.net:8443, capacitor://localhost, tauri://localhost/';
    app = await createTestApp({ env: { CORS_ORIGINS: `${listed}, chrome-extension://abcdefghijklmnop` } });
  });
  afterAll(() => app.close());

  it.each([
    'https://app.example.com',
    'https://pr-17.example.app',
    'https://xn--mnchen-3ya.example.app',
    'https://a.preview.example.net:8443',
    'capacitor://localhost',
    'tauri://localhost',
    'chrome-extension://abcdefghijklmnop',
  ])('lets %s read', async (origin) => {
    expect((await rawRequest(app.url, request(origin))).headers['access-control-allow-origin']).toBe(origin);
    const allowed = await rawRequest(app.url, preflight(origin));
    expect(allowed.headers['access-control-allow-origin']).toBe(origin);
    expect(allowed.headers['access-control-max-age']).toBe('7200');
  });

  it.each([
    'https://example.app',
    'https://a.b.example.app',
    'https://.example.app',
    'https://*.example.app',
    'https://evil.com/.example.app',
    'https://evil.com#.example.app',
    'https://evil.com?.example.app',
    'https://evil.com:80.example.app',
    'https://u@evil.example.app',
    'https://evilexample.app',
    'https://a.example.app.evil.com',
    'https://a.example.app:8443',
    'http://a.example.app',
    `https://${'a'.repeat(64)}.example.app`,
    `https://${'a'.repeat(9000)}.example.app`,
    'https://a.preview.example.net',
    'capacitor://localhost.evil',
    'chrome-extension://abcdefghijklmno',
    'null',
  ])('and nobody at %s', async (origin) => {
    expect(corsHeadersOf(await rawRequest(app.url, request(origin)))).toEqual([]);
  });
});

describe('a front end of this machine', () => {
  const local = ['http://localhost:5173', 'http://127.0.0.1:3000', 'https://localhost', 'http://[::1]:8080'];
  let development: TestApp;
  beforeAll(async () => {
    development = await createTestApp({ env: { NODE_ENV: 'development' } });
  });
  afterAll(() => development.close());

  it.each(local)('may read in development, whichever its port: %s', async (origin) => {
    expect((await rawRequest(development.url, request(origin))).headers['access-control-allow-origin']).toBe(origin);
    expect((await rawRequest(development.url, preflight(origin))).status).toBe(204);
  });

  it.each([
    'http://localhost.evil.com',
    'http://localhost:1@evil.com',
    'http://127.0.0.1.evil.com',
    'http://evil.com/localhost:5173',
    'null',
  ])('is not %s', async (origin) => {
    expect(corsHeadersOf(await rawRequest(development.url, request(origin)))).toEqual([]);
  });

  it.each(local)('is listed like others elsewhere: %s', async (origin) => {
    expect(corsHeadersOf(await rawRequest(closed.url, request(origin)))).toEqual([]);
  });
});

describe('a refused origin', () => {
  const linesOf = (app: TestApp) =>
    app
      .logs()
      .split('\n')
      .filter((line) => line.includes('CORS_ORIGINS'));

  it.each([{ env: {} }, { env: { CORS_ORIGINS: ours } }])(
    'is one line in the log, which names it and the variable: $env',
    async ({ env }) => {
      const app = await createTestApp({ env });
      for (const sent of [preflight('https://new.example.com'), request('https://new.example.com'), preflight('https://new.example.com')]) {
        await rawRequest(app.url, sent);
      }
      expect(linesOf(app).map((line) => JSON.parse(line))).toMatchObject([{ level: 30, origin: 'https://new.example.com' }]);
      await app.close();
    },
  );

  it('is cut, and strangers who make up others cannot flood the log', async () => {
    const app = await createTestApp();
    await rawRequest(app.url, request(`https://${'x'.repeat(9000)}.example`));
    for (let n = 0; n < 100; n++) await rawRequest(app.url, request(`https://n${n}.example`));
    expect(linesOf(app)).toHaveLength(20);
    expect(linesOf(app)[0]?.length).toBeLessThan(500);
    await app.close();
  });

  it('is none where a page of this server asks, or a listed one', async () => {
    const app = await createTestApp({ env: { CORS_ORIGINS: ours } });
    await rawRequest(app.url, request(app.url));
    await rawRequest(app.url, request(ours));
    await rawRequest(app.url, { query: '{ hello }', headers: ['Origin', 'https://behind.a.proxy', 'Sec-Fetch-Site', 'same-origin'] });
    expect(linesOf(app)).toEqual([]);
    await app.close();
  });
});
