import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port and says where. */
export function serve(listener: RequestListener): void {
  const server = createServer({ keepAliveTimeout: 75_000 }, listener);
  server.listen(0, '127.0.0.1', () => announce(server.address()));
}

/** Tells `npm run bench` that this peer is ready. */
export function announce(address: AddressInfo | string | null): void {
  if (typeof address === 'object' && address) console.log(`listening at http://127.0.0.1:${address.port}`);
}

/** The query in a request's body, for servers that have no GraphQL of their own. */
export function queryOf(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).query));
  });
}

const answers = { refusal: '{"errors":[{"message":"Invalid token."}]}', hello: '{"data":{"hello":"Hello, World!"}}' };

/** The bytes that a GraphQL server sends for `{ hello }`. */
export function answer(response: ServerResponse, isAllowed: boolean): void {
  const body = isAllowed ? answers.hello : answers.refusal;
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(isAllowed ? 200 : 401, headers).end(body);
}
