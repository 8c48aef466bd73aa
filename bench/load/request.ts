import { hash } from 'node:crypto';

/** What is sent, and what every right answer to it contains. */
export type Shot = { readonly bytes: Buffer; readonly expected: string };

type Options = { readonly url: string; readonly body: unknown; readonly headers?: Record<string, string>; readonly expected: string };

/** A POST as it goes over the wire, made once and sent often: a client that builds requests costs as much as the servers it measures. */
export function createShot({ url, body, headers = {}, expected }: Options): Shot {
  const { host, pathname } = new URL(url);
  const json = JSON.stringify(body);
  const standard = {
    Host: host,
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'Content-Length': Buffer.byteLength(json),
  };
  const lines = Object.entries({ ...standard, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return { bytes: Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${json}`), expected };
}

/** `{ hello }` with credentials. */
export const helloShot = (url: string, headers: Record<string, string>): Shot =>
  createShot({ url: `${url}/graphql`, body: { query: '{ hello }' }, headers, expected: '"hello":"Hello, World!"' });

/** The header that brings the nth token. */
export const tokenOf = (n: number): Record<string, string> => ({ Authorization: `Token ${keyOf(n)}` });

/** The key of the nth token that the benchmarks seed; `seedTokens` makes the same ones in SQL. */
export const keyOf = (n: number): string => hash('sha256', `bench-${n}`).slice(0, 40);
