import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Unpacks the Chromium of the packages, once and before the tests: two workers would write over each other. */
export async function unpackBrowser(): Promise<void> {
  if (!process.env.CHROMIUM_PATH) await chromium.executablePath();
}

/**
 * Starts a real Chromium, which comes with the packages; CHROMIUM_PATH names another one.
 * The caller closes it, and every page's context with it.
 */
export async function openBrowser(): Promise<Browser> {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return playwright.launch({ executablePath: CHROMIUM_PATH });
  // Its own arguments are for AWS Lambda: a single process, which ends with the first context closed, and no same-origin policy.
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
}
