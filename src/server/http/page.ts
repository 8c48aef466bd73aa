import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { respond } from './respond.ts';

/** Sends a page to a browser. */
export type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A page that can reach this server and nothing else, and runs only the scripts it came with: people paste tokens into it.
 * All requests share its bytes, compressed once, by the first of them, or a few hundred of them would fill the memory.
 * @param html with its scripts and styles inside
 */
export function createPage(html: string): Page {
  const plain = Buffer.from(html);
  let compressed: Promise<Buffer> | undefined;
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policyFor(html),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  };
  return async (request, response) => {
    response.appendHeader('Vary', 'Accept-Encoding');
    if (!takesGzip(request)) return respond(response, 200, plain, headers);
    compressed ??= promisify(gzip)(plain);
    respond(response, 200, await compressed, { ...headers, 'Content-Encoding': 'gzip' });
  };
}

const takesGzip = (request: IncomingMessage): boolean => new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';

function policyFor(html: string): string {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => `'sha256-${hash('sha256', script, 'base64')}'`);
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
