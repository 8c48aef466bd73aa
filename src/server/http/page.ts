import { hash } from 'node:crypto';
import { createFile, type Page } from './file.ts';

/**
 * A page that can reach this server and nothing else, and runs only the scripts it came with: people paste tokens into it.
 * @param html with its scripts and styles inside
 */
export const createPage = (html: string): Page =>
  createFile(html, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policyFor(html),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  });

/** The hash by which a policy allows a script in a page. */
export const hashOf = (script: string): string => `'sha256-${hash('sha256', script, 'base64')}'`;

function policyFor(html: string): string {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => hashOf(script));
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    'worker-src blob:', // the editor makes its workers of texts in the page
    "style-src 'unsafe-inline'", // and sets styles as it goes
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
