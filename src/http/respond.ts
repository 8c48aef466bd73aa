import type { ServerResponse } from 'node:http';

/** Answers in plain text, for probes and people. */
export function respond(response: ServerResponse, status: number, text: string): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
