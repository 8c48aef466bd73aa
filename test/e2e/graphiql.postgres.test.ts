import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app/test-app.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { openWatchedPage } from '../support/browser/browser-page.ts';

const SCREENSHOT = 'docs/images/graphiql.png';
const KEY = /[0-9a-f]{40}/;
/** How the browser itself notes the refusal of the bad token. */
const REFUSAL = 'Failed to load resource: the server responded with a status of 401 (Unauthorized)';

let app: TestApp;
let browser: Browser;
let page: Page;
let troubles: string[];
beforeAll(async () => {
  app = await createTestApp({ env: { NODE_ENV: 'development' } });
  browser = await openBrowser();
  ({ page, troubles } = await openWatchedPage(browser, app.url));
  await page.goto(`${app.url}/graphql`);
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

const region = (name: string) => page.getByRole('region', { name }).locator('.view-lines').filter({ visible: true });
const openTab = (name: string) => page.getByRole('button', { name, exact: true }).click();

const execute = () => page.getByRole('button', { name: /^Execute query/ }).click();

/** What a pane shows, without the editor's line breaks and hard spaces. */
const text = async (pane: string) => (await region(pane).innerText()).replace(/\s+/g, ' ');
const shown = () => text('Result Window');
const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 10_000 });

// One visit from the first look on: each step goes on where the one before ended.
describe('somebody in front of GraphiQL', () => {
  it('finds three tabs, the first one open', async () => {
    await soon(() => page.getByRole('tab').allInnerTexts()).toEqual(['Register', 'Login', 'Hello']);
    await soon(() => text('Operation Editor')).toContain('mutation');
  });

  it('registers, pastes the token into the headers and is greeted', async () => {
    await execute();
    await soon(shown).toContain('"message": "User created"');
    await soon(shown).toMatch(KEY);
    const [token] = KEY.exec(await shown()) ?? [];
    await openTab('Hello');
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.evaluate(`navigator.clipboard.writeText('${token}')`);
    await region('Headers').click();
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ControlOrMeta+V']) await page.keyboard.press(key);
    await soon(() => text('Headers')).toContain(`"Token ${token}"`);
    await page.keyboard.press('Home');
    await execute();
    await soon(shown).toContain('"hello": "Hello, World!"');
    if (process.env.UPDATE_SCREENSHOTS) await page.screenshot({ path: SCREENSHOT });
  });

  it('is told what is wrong with a token that lost a character', async () => {
    await region('Headers').click();
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Backspace']) await page.keyboard.press(key);
    await execute();
    await soon(shown).toMatch(/"message": "Invalid token\.".*"code": "UNAUTHENTICATED", "reason": "INVALID"/);
  });

  it('reads in the documentation what a field is for', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query' }).click();
    await page.getByRole('link', { name: 'hello' }).click();
    await page.getByText('A greeting, for trying out a token. Needs a token.').waitFor();
  });

  it('caused no request to anywhere else, no error but the refusal, and nothing that the page’s policy forbids', () => {
    expect(troubles).toEqual([REFUSAL]);
  });
});
