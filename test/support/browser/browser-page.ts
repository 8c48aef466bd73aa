import type { Browser, Page } from 'playwright-core';

/** A page, and everything on it that should not have happened. */
export type WatchedPage = { readonly page: Page; readonly troubles: string[] };

/**
 * Opens a page that may talk to `origin` only: anything else is stopped, and told like errors, warnings and what the policy forbids.
 * It has a context of its own, as if in another browser. @param viewport in pixels
 */
export async function openWatchedPage(browser: Browser, origin: string, viewport = { width: 1200, height: 560 }): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(10_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('forbidden by the policy: ' + violatedDirective + ' ' + blockedURI))`,
  });
  const troubles: string[] = [];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    return url.origin === origin || url.protocol === 'data:' ? route.continue() : route.abort();
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') troubles.push(`request to ${url}`);
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  context.on('weberror', (error) => troubles.push(String(error.error())));
  return { page: await context.newPage(), troubles };
}
