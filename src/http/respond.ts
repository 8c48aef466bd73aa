import type { ServerResponse } from 'node:http';

/** Answers with a text, for probes and people. */
export function respond(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
