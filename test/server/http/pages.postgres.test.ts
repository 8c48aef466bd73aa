import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const NAME = '<b>A & "B"</b>';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-logo-'));
  await writeFile(join(folder, 'logo.svg'), LOGO);
  app = await createTestApp({ env: { PRODUCT_NAME: NAME, PRODUCT_LOGO: join(folder, 'logo.svg'), PRODUCT_COLOR: '#ffcc00' } });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, init: RequestInit = {}, from = app) => fetch(from.url + path, { redirect: 'manual', ...init });

/** The addresses of the parts that a page loads. */
const partsOf = (html: string) => [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);

describe('a page', () => {
  it('runs only its own scripts, in no frame, and is not kept', async () => {
    const { headers } = await get('/account/login');
    const policy = headers.get('content-security-policy');
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+'(;|$)/);
    expect(policy).not.toContain('unsafe');
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "require-trusted-types-for 'script'"]) {
      expect(policy).toContain(rule);
    }
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('has parts that are compressed and kept for ever, under names that change with them', async () => {
    const html = await (await get('/admin')).text();
    const parts = partsOf(html);
    expect(parts.length).toBeGreaterThan(15);
    for (const path of new Set(parts)) {
      const { status, headers } = await get(path, { headers: { 'Accept-Encoding': 'gzip' } });
      expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'public, max-age=31536000, immutable']);
      expect([path, headers.get('content-encoding'), headers.get('vary')]).toEqual([path, 'gzip', 'Accept-Encoding']);
    }
  });

  it('loads no types, and nothing from another place', async () => {
    const html = await (await get('/account/login')).text();
    const scripts = await Promise.all(
      partsOf(html)
        .filter((path) => path.endsWith('.ts'))
        .map(async (path) => (await get(path)).text()),
    );
    expect(scripts.length).toBeGreaterThan(10);
    for (const script of scripts) expect(script).not.toMatch(/^(export )?type |from 'https?:|: string\b/m);
  });

  it('shows the name, the logo and the colour of the product, as texts', async () => {
    const html = await (await get('/account/login')).text();
    expect(html).not.toContain('<b>');
    expect(html).toContain('<title>&#60;b&#62;A &#38; &#34;B&#34;&#60;/b&#62;</title>');
    const logo = partsOf(html).find((path) => path.endsWith('logo.svg')) ?? '';
    const reply = await get(logo);
    expect([reply.headers.get('content-type'), await reply.text()]).toEqual(['image/svg+xml', LOGO]);
    const theme = partsOf(html).find((path) => path.endsWith('theme.css')) ?? '';
    expect(await (await get(theme)).text()).toBe(':root { --brand: #ffcc00; --on-brand: #000; }\n');
  });

  it('of another version gets the parts that there are, and does not keep them', async () => {
    const { status, headers } = await get('/assets/0123456789abcdef/kit/style.css');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('is read, never written', async () => {
    expect((await get('/account/login', { method: 'HEAD' })).status).toBe(200);
    const { status, headers } = await get('/account/login', { method: 'POST', body: 'password=secret' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/assets/',
    '/assets/x/../../package.json',
    '/assets/x/%2e%2e/package.json',
    '/assets/x/kit/none.ts',
    '/accounts',
    '/administer',
  ])('is not at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('the pages', () => {
  it('are off in production, and each part where it is turned off', async () => {
    expect(loadConfig({ NODE_ENV: 'production' }).pages).toBeNull();
    const other = await createTestApp({ env: { PAGES: 'false' } });
    const statuses = await Promise.all(['/account/login', '/admin'].map(async (path) => (await get(path, {}, other)).status));
    await other.close();
    expect(statuses).toEqual([404, 200]);
  });

  it('lie behind the links of mails, where PUBLIC_URL says that they are', () => {
    const production = { NODE_ENV: 'production', SMTP_URL: 'smtp://mail.example', EMAIL_FROM: 'a@example.com' };
    const { mail, passwordPolicy } = loadConfig({ ...production, PAGES: 'true', PUBLIC_URL: 'https://auth.example.com' });
    expect(mail?.passwordResetUrl).toBe('https://auth.example.com/account/reset-password#token={token}');
    expect(passwordPolicy.hosts).toEqual(['auth.example.com']);
    expect(() => loadConfig({ ...production, PAGES: 'true' })).toThrow('PASSWORD_RESET_URL must be set in production');
    expect(() => loadConfig({ ...production, PUBLIC_URL: 'https://auth.example.com' })).toThrow('PASSWORD_RESET_URL must be set');
  });

  it.each([
    ['PUBLIC_URL', 'https://auth.example.com/path'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['PRODUCT_COLOR', 'red'],
    ['PRODUCT_LOGO', 'logo.html'],
    ['PRODUCT_NAME', 'x'.repeat(61)],
  ])('start with no %s like %s', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  it('start with no logo that cannot be read', async () => {
    await expect(createTestApp({ env: { PRODUCT_LOGO: '/nowhere/logo.png' } })).rejects.toThrow(
      'PRODUCT_LOGO names a file that cannot be read',
    );
  });
});
