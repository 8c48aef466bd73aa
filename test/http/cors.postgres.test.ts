import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../support/raw-request.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

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
