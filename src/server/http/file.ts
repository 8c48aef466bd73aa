import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { respond } from './respond.ts';

/** Sends a page, or a part of one, to a browser. */
export type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** All requests share its bytes, compressed once, by the first of them, or a few hundred of them would fill the memory. */
export function createFile(content: string | Buffer, headers: OutgoingHttpHeaders): Page {
  const plain = Buffer.from(content);
  let compressed: Promise<Buffer> | undefined;
  return async (request, response) => {
    response.appendHeader('Vary', 'Accept-Encoding');
    if (!takesGzip(request)) return respond(response, 200, plain, headers);
    compressed ??= promisify(gzip)(plain, { level: 9 });
    respond(response, 200, await compressed, { ...headers, 'Content-Encoding': 'gzip' });
  };
}

const takesGzip = (request: IncomingMessage): boolean => new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';
