import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers with a text, or the bytes of one, for probes and people. @param headers besides those that every answer has; a Content-Type if it is not plain text */
export function respond(response: ServerResponse, status: number, text: string | Buffer, headers: OutgoingHttpHeaders = {}): void {
  const standard = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, { ...standard, ...headers }).end(text);
}
