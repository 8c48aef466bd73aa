import axe, { type AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { GOOD_PASSWORD } from '../client/graphql-client.ts';

export const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
export const greeting = (page: Page) => heading(page, 'Hello, World!').waitFor();

/** Fills in the form on the page that is open. */
export async function signIn(page: Page, username: string, password = GOOD_PASSWORD) {
  await field(page, 'Username').fill(username);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

/** What a screen reader says after a field's name. */
export const descriptionOf = (input: Locator) =>
  input.evaluate((element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent?.trim());

/** Expects that axe has nothing to say against the page, be it light or dark. */
export async function expectAccessible(page: Page) {
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => ({ colorScheme, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  }
}
