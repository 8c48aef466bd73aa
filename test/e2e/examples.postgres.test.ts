import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { openWatchedPage, type WatchedPage } from '../support/browser/browser-page.ts';
import { button, descriptionOf, expectAccessible, field, greeting, heading, signIn } from '../support/browser/example-page.ts';
import { type FrontEnd, openFrontEnd } from '../support/browser/front-end.ts';
import { GOOD_PASSWORD } from '../support/client/graphql-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { type Mailbox, openMailbox } from '../support/network/mailbox.ts';
import { until } from '../support/until.ts';

const NEW_PASSWORD = 'cl4rinet-Basalt-22';
/** Where mails lead; the examples get another port in every run. */
const ELSEWHERE = 'http://front-end.test';

let browser: Browser;
let mailbox: Mailbox;
let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  mailbox = await openMailbox();
  database = await createTestDatabase();
  [browser, app] = await Promise.all([openBrowser(), startApp()]);
});
afterAll(async () => {
  await browser.close();
  await app.close();
  await database.drop();
  await mailbox.close();
});

const startApp = (PORT = '0') =>
  createTestApp({
    on: database,
    env: {
      PORT,
      SMTP_URL: mailbox.url,
      PASSWORD_RESET_URL: `${ELSEWHERE}/reset-password?token={token}`,
      EMAIL_VERIFICATION_URL: `${ELSEWHERE}/verify-email?token={token}`,
    },
  });

/** The link in the nth mail to an address, as a path of the example. @param n from 1 */
async function linkTo(address: string, n: number): Promise<string> {
  const { text = '' } = await mailbox.mailTo(address, n);
  return /http\S+/.exec(text)?.[0].replace(ELSEWHERE, '') ?? '';
}

describe.each(['apollo-react', 'urql-react'])('examples/%s', (name) => {
  let frontEnd: FrontEnd;
  let opened: WatchedPage[];
  /** What a browser logs of the refusals that a test is about. */
  let foreseen: string[];
  beforeAll(async () => {
    frontEnd = await openFrontEnd(name, app.url);
  });
  afterAll(() => frontEnd.close());
  beforeEach(() => {
    opened = [];
    foreseen = [];
  });
  afterEach(async () => {
    for (const { page } of opened) await page.context().close();
    const troubles = opened.flatMap(({ troubles }) => troubles);
    expect(troubles.filter((trouble) => !foreseen.some((text) => trouble.includes(text)))).toEqual([]);
  });

  /** Opens the example in a browser of its own. */
  async function open(): Promise<Page> {
    const watched = await openWatchedPage(browser, frontEnd.url, { width: 720, height: 440 });
    opened.push(watched);
    await watched.page.goto(frontEnd.url);
    return watched.page;
  }

  async function newcomer(nickname: string) {
    const [username, email] = [`${nickname}-${name}`, `${nickname}-${name}@example.org`];
    return { username, email, ...(await app.register(username, { email })) };
  }

  it('shows what is wrong with a sign-up beside the fields, then greets and lists the device', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await field(page, 'Username').fill('ann smith');
    await field(page, 'Email address').fill('nowhere');
    await field(page, 'Password').fill('12345678');
    await button(page, 'Sign up').click();
    await page.getByRole('alert').waitFor();
    expect(await descriptionOf(field(page, 'Username'))).toMatch(/^Enter a valid username/);
    expect(await descriptionOf(field(page, 'Email address'))).toBe('Enter a valid email address.');
    expect(await descriptionOf(field(page, 'Password'))).toBe('This password is too common. This password is entirely numeric.');
    expect(await page.locator('[aria-invalid=true]').count()).toBe(3);
    expect(await page.locator('input:focus').getAttribute('name')).toBe('username');
    await expectAccessible(page);

    await field(page, 'Username').fill(`ann-${name}`);
    await field(page, 'Email address').fill(`ann-${name}@example.org`);
    await field(page, 'Password').fill(GOOD_PASSWORD);
    await button(page, 'Sign up').click();
    await greeting(page);
    await page.getByText(`You are signed in as ann-${name}.`).waitFor();
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([expect.stringMatching(/^Chrome.*This device$/s)]);
    expect(new URL(page.url()).pathname).toBe('/');

    await page.goto(frontEnd.url + (await linkTo(`ann-${name}@example.org`, 1)));
    await button(page, 'Confirm my email address').click();
    await page.getByText('Email address verified').waitFor();
    await expectAccessible(page);
  });

  it('lets somebody set a new password by the link in the mail, and sign in with the keyboard alone', async () => {
    const { username, email } = await newcomer('bob');
    const page = await open();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await field(page, 'Email address').fill(email);
    await expectAccessible(page);
    await button(page, 'Mail me a link to a new password').click();
    await page.getByRole('status').waitFor();

    await page.goto(frontEnd.url + (await linkTo(email, 2))); // the first confirms the address
    await heading(page, 'Set a new password').waitFor();
    expect(page.url()).toBe(`${frontEnd.url}/reset-password`);
    await field(page, 'New password').fill('12345678');
    await button(page, 'Set a new password').click();
    await page.getByRole('alert').waitFor();
    expect(await descriptionOf(field(page, 'New password'))).toContain('too common');
    await expectAccessible(page);
    await field(page, 'New password').fill(NEW_PASSWORD);
    await button(page, 'Set a new password').click();
    await page.getByText('Password reset').waitFor();

    await page.goto(frontEnd.url);
    await heading(page, 'Sign in').waitFor();
    const outline = () => page.locator('input:focus').evaluate((element) => getComputedStyle(element).outlineStyle);
    for (const value of [username, NEW_PASSWORD]) {
      await page.keyboard.press('Tab');
      expect(await outline()).toBe('solid');
      await page.keyboard.type(value);
    }
    await page.keyboard.press('Enter');
    await greeting(page);
  });

  it('notices within a second that its token was revoked in another browser', async () => {
    const { username } = await newcomer('cy');
    const [here, there] = [await open(), await open()];
    for (const page of [here, there]) {
      await signIn(page, username);
      await greeting(page);
    }
    await expectAccessible(there);
    await there.emulateMedia({ colorScheme: 'light' });
    if (process.env.UPDATE_SCREENSHOTS) await there.screenshot({ path: 'docs/images/example.png' });
    const revoke = there.getByRole('button', { name: 'Revoke' });
    await revoke.nth(0).click(); // the newest but the own one: that of the other browser
    const clicked = performance.now();
    await here.getByText('Your session has ended. Please sign in again.').waitFor();
    expect(performance.now() - clicked).toBeLessThan(1000);
    await until(async () => (await revoke.count()) === 1);
    expect(await there.locator(':focus').innerText()).toBe('Your devices');
    expect(await heading(here, 'Sign in').evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('notices it as well after the server was restarted', async () => {
    foreseen.push('ERR_INCOMPLETE_CHUNKED_ENCODING'); // the subscription is broken off
    foreseen.push('500 (Internal Server Error)'); // of the proxy, as long as the server is away
    const { username, token } = await newcomer('flo');
    const page = await open();
    let watched = 0;
    page.on('response', (response) => {
      if (response.ok() && response.request().headers().accept?.startsWith('text/event-stream')) watched++;
    });
    await signIn(page, username);
    await greeting(page);
    await until(() => watched > 0);
    await app.close();
    watched = 0;
    app = await startApp(new URL(app.url).port);
    await until(() => watched > 0);
    await app.graphql('mutation { revokeAllTokens { revoked } }', { token });
    await page.getByText('Your session has ended. Please sign in again.').waitFor();
  });

  it('signs out for good', async () => {
    const { username } = await newcomer('dan');
    const page = await open();
    await signIn(page, username);
    await greeting(page);
    const token = await page.evaluate(() => localStorage.getItem('token'));
    await button(page, 'Sign out').click();
    await page.getByText('You are signed out.').waitFor();
    expect((await app.graphql('{ hello }', { token: token ?? '' })).status).toBe(401);
  });

  it('takes an ended token for the end of the session, once, and a wrong password for no such thing', async () => {
    foreseen.push('401 (Unauthorized)');
    const { username } = await newcomer('eve');
    const page = await open();
    const sent: string[] = [];
    page.on('request', (request) => request.url().endsWith('/graphql') && sent.push(request.postDataJSON().operationName));
    await page.evaluate(() => localStorage.setItem('token', '0'.repeat(40)));
    await page.reload();
    await page.getByText('Your session has ended. Please sign in again.').waitFor();
    await signIn(page, username, 'wrong');
    await page.getByText('Invalid Username or Password. Please try again').waitFor();
    expect(sent.sort()).toEqual(['Home', 'Login', 'TokenRevoked']);
    await signIn(page, username);
    await greeting(page);
  });
});
