import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { openWatchedPage, type WatchedPage } from '../support/browser/browser-page.ts';
import { expectAccessible } from '../support/browser/example-page.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { until } from '../support/until.ts';

const NEW_PASSWORD = 'bass00n-Quartz-12';
const LIMIT = 60_000; // bytes of a page with all its parts, as they come over the wire

let app: TestApp;
let browser: Browser;
const watched: WatchedPage[] = [];
beforeAll(async () => {
  app = await createTestApp({ env: { NODE_ENV: 'development', PRODUCT_NAME: 'Example', THROTTLE: 'off', LOG_LEVEL: 'info' } });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

async function visit(path: string): Promise<Page> {
  const opened = await openWatchedPage(browser, app.url, { width: 1100, height: 800 });
  watched.push(opened);
  await opened.page.goto(app.url + path);
  return opened.page;
}

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 });
const says = (page: Page, text: string) => page.getByText(text, { exact: false }).first().waitFor();
const open = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

async function signIn(page: Page, username: string, password = GOOD_PASSWORD) {
  await field(page, 'Username').fill(username);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

/** The link in the latest mail to an address, on this server. */
async function linkTo(address: string): Promise<string> {
  const outbox = join(app.env.DATA_DIR, 'outbox');
  let link = '';
  await until(async () => {
    const files = await readdir(outbox).catch(() => []);
    const mails = await Promise.all(files.sort().map(async (file) => simpleParser(await readFile(join(outbox, file)))));
    const texts = mails.filter(({ to }) => JSON.stringify(to).includes(address)).map(({ text = '' }) => text);
    link = /\/account\/\S+#token=[0-9a-f]{40}/.exec(texts.at(-1) ?? '')?.[0] ?? '';
    return link !== '';
  });
  return link;
}

/** The question that an act asks first. */
async function confirm(page: Page, name: string) {
  await button(page, name).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

describe('a person with an account', () => {
  let page: Page;

  it('is led to sign in and back again, and is told what is wrong', async () => {
    await app.register('ada', { email: 'ada@example.com' });
    page = await visit('/account/devices');
    await heading(page, 'Sign in').waitFor();
    await signIn(page, 'ada', 'wrong');
    await says(page, 'The username or the password is wrong.');
    await signIn(page, 'ada');
    await heading(page, 'Devices').waitFor();
    await says(page, 'this device');
    expect(new URL(page.url()).pathname).toBe('/account/devices');
  });

  it('changes names, password and address', async () => {
    await open(page, 'Profile');
    await field(page, 'First name (optional)').fill('Ada');
    await button(page, 'Save').click();
    await says(page, 'Your names are saved.');
    await open(page, 'Password');
    await field(page, 'Current password').fill(GOOD_PASSWORD);
    await field(page, 'New password').fill('password');
    await button(page, 'Change password').click();
    await says(page, 'This password is too common.');
    expect(await field(page, 'New password').getAttribute('aria-invalid')).toBe('true');
    await field(page, 'New password').fill(NEW_PASSWORD);
    await button(page, 'Change password').click();
    await says(page, 'Your password was changed');
    await open(page, 'Email address');
    await says(page, 'not verified');
    await field(page, 'New email address').fill('countess@example.com');
    await field(page, 'Password').fill(NEW_PASSWORD);
    await button(page, 'Change address').click();
    await says(page, 'A mail with a link is on its way to the new address.');
    await page.goto(app.url + (await linkTo('countess@example.com')));
    await button(page, 'Confirm the address').click();
    await says(page, 'Your email address was changed.');
    expect(page.url()).not.toContain('token');
  });

  it('makes a token for a script, which works, and sees what happened', async () => {
    await page.goto(`${app.url}/account/tokens`);
    await field(page, 'Name').fill('nightly');
    await field(page, 'Password').fill(NEW_PASSWORD);
    await button(page, 'Create token').click();
    const key = await page.getByLabel('The key').innerText();
    expect((await app.graphql('{ hello }', { token: key })).data).toEqual({ hello: 'Hello, World!' });
    await open(page, 'Events');
    await says(page, 'Password changed');
    await open(page, 'Devices');
    await button(page, 'Sign out: nightly').click();
    await says(page, 'It was signed out.');
    expect((await app.graphql('{ hello }', { token: key })).status).toBe(401);
  });

  it('is signed out from another browser, is told so, and comes back to the same page', async () => {
    const other = await visit('/account/login');
    await signIn(other, 'ada', NEW_PASSWORD);
    await open(other, 'Devices');
    await confirm(other, 'Sign out all others');
    await says(other, 'All others were signed out.');
    await open(page, 'Email address');
    await says(page, 'You were signed out. Please sign in again.');
    await signIn(page, 'ada', NEW_PASSWORD);
    await says(page, 'countess@example.com');
  });

  it('sends a form once, however often it is clicked', async () => {
    await open(page, 'Profile');
    await field(page, 'Last name (optional)').fill('Lovelace');
    let requests = 0;
    page.on('request', (request) => (requests += request.postData()?.includes('UpdateProfile') ? 1 : 0));
    await button(page, 'Save').dblclick();
    await says(page, 'Your names are saved.');
    expect(requests).toBe(1);
  });

  it('is told when the server cannot be reached, and goes on when it can be again', async () => {
    await page.context().setOffline(true);
    await open(page, 'Events');
    await says(page, 'The server cannot be reached.');
    await page.context().setOffline(false);
    await button(page, 'Try again').click();
    await says(page, 'Signed in');
  });

  it('resets a forgotten password by mail', async () => {
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${app.url}/account/login`);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await field(page, 'Email address').fill('countess@example.com');
    await button(page, 'Send the link').click();
    await says(page, 'a mail with a link is on its way');
    await page.goto(app.url + (await linkTo('countess@example.com')));
    await field(page, 'New password').fill(GOOD_PASSWORD);
    await button(page, 'Set the password').click();
    await says(page, 'Your password is set');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, 'ada');
    await heading(page, 'Profile').waitFor();
  });

  it('signs out, and deletes an account for good', async () => {
    await button(page, 'Sign out').click();
    await heading(page, 'Sign in').waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await field(page, 'Username').fill('brief');
    await field(page, 'Password').fill(GOOD_PASSWORD);
    await button(page, 'Create account').click();
    await open(page, 'Delete account');
    await field(page, 'Password').fill(GOOD_PASSWORD);
    await button(page, 'Delete my account').click();
    await heading(page, 'Goodbye').waitFor();
    expect(await app.sql("select 1 from users where username = 'brief'")).toEqual([]);
  });
});

describe('a member of staff', () => {
  let page: Page;

  it('is let in, and others are not', async () => {
    await app.register('root');
    await app.sql("update users set is_superuser = true, is_staff = true where username = 'root'");
    page = await visit('/admin');
    await signIn(page, 'ada');
    await says(page, 'This account is not staff.');
    await signIn(page, 'root');
    await heading(page, 'Last day').waitFor();
    await page.getByRole('img', { name: /^Sign-ins in the last 24 hours: [1-9]/ }).waitFor();
  });

  it('finds users by search, standing and order', async () => {
    await open(page, 'Users');
    await page.getByRole('searchbox').fill('ad');
    await button(page, 'Search').click();
    await page.getByRole('link', { name: 'ada' }).waitFor();
    expect(await page.getByRole('link', { name: 'root' }).count()).toBe(0);
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Show').selectOption('staff');
    await page.getByRole('link', { name: 'root' }).waitFor();
    await page.getByLabel('Show').selectOption('inactive');
    await says(page, 'No user matches.');
  });

  it('creates a user, changes names and address, and gives rights', async () => {
    await page.getByRole('link', { name: 'New user' }).click();
    await field(page, 'Username').fill('grace');
    await field(page, 'First password (optional)').fill(GOOD_PASSWORD);
    await button(page, 'Create user').click();
    await heading(page, 'grace').waitFor();
    await field(page, 'First name (optional)').fill('Grace');
    await field(page, 'Email address (optional)').fill('grace@example.com');
    await button(page, 'Save').click();
    await says(page, 'Saved.');
    await says(page, 'not verified');
    await confirm(page, 'Make staff');
    await says(page, 'The rights were changed.');
    await says(page, 'Became staff');
    expect(await app.sql("select first_name, is_staff from users where username = 'grace'")).toEqual([
      { first_name: 'Grace', is_staff: true },
    ]);
  });

  it('signs a user out, whose browser says so, closes the account and opens it again', async () => {
    const other = await visit('/account/login');
    await signIn(other, 'grace');
    await heading(other, 'Profile').waitFor();
    await page.reload();
    await button(page, 'Sign out: Chrome on Linux').click();
    await says(page, 'The token was revoked.');
    await open(other, 'Events');
    await says(other, 'You were signed out.');
    await signIn(other, 'grace');
    await says(other, 'by staff');
    await confirm(page, 'Deactivate');
    await says(page, 'The account was deactivated');
    await open(other, 'Password');
    await open(other, 'Profile');
    await says(other, 'Your account was deactivated.');
    await confirm(page, 'Activate');
    await says(page, 'The account was activated.');
    await confirm(page, 'Lift a lock');
    await confirm(page, 'Sign out everywhere');
    await says(page, 'All tokens were revoked.');
    await confirm(page, 'Send password reset');
    await says(page, 'A mail with a link is on its way to the user.');
    await linkTo('grace@example.com');
  });

  it('deletes an account, whose name stays among the events, which arrive by themselves', async () => {
    const other = await visit('/admin/events');
    await signIn(other, 'root');
    await heading(other, 'Events').waitFor();
    await confirm(page, 'Delete account');
    await heading(page, 'Users').waitFor();
    const row = other.getByRole('listitem').filter({ hasText: 'Account deleted' });
    await row.filter({ hasText: 'grace' }).waitFor();
    await other.getByLabel('Show').selectOption('LOGIN_FAILED');
    await other.getByRole('listitem').filter({ hasText: 'Sign-in refused' }).first().waitFor();
    await row.waitFor({ state: 'detached' });
  });
});

const accountPages = ['login', 'register', 'forgot-password', 'reset-password', 'verify-email', 'nowhere'].map(
  (name) => `/account/${name}`,
);
const rooms = ['profile', 'password', 'address', 'devices', 'tokens', 'events', 'delete'].map((name) => `/account/${name}`);
const desks = ['/admin', '/admin/users', '/admin/users/new', '/admin/users/1', '/admin/events', '/admin/nowhere'];

describe('every page', () => {
  let page: Page;
  beforeAll(async () => {
    page = await visit('/account/login');
  });

  it('passes axe in light and dark, before and after signing in', async () => {
    for (const path of accountPages) await check(path);
    await page.goto(`${app.url}/account/login`);
    await signIn(page, 'root');
    await heading(page, 'Profile').waitFor();
    for (const path of [...rooms, ...desks]) await check(path);
  });

  async function check(path: string) {
    await page.goto(app.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }

  it.each(['/account/login', '/admin'])('%s weighs less than 60 kB with all its parts', async (path) => {
    const fresh = await visit(path);
    await heading(fresh, path === '/admin' ? 'Sign in as staff' : 'Sign in').waitFor();
    const sizes = await fresh.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
        (entry) => entry.toJSON().transferSize,
      ),
    );
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LIMIT);
  });
});

it('no page asked another server, broke its policy or complained', () => {
  const troubles = watched.flatMap(({ troubles }) => troubles);
  expect(troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});
