import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

type RawReply = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any;
};

type Options = {
  readonly path?: string;
  readonly method?: string;
  /** A document to send as JSON. */
  readonly query?: string;
  /** A body to send as it is. */
  readonly body?: string | Buffer;
  /** Name, value, name, value: sent byte for byte, repeated names and Latin-1 included. */
  readonly headers?: string[];
  /** What to claim in the Host header. */
  readonly host?: string;
};

/** A request that fetch would not send: any bytes in headers and body, any method. */
export async function rawRequest(url: string, options: Options): Promise<RawReply> {
  const { path = '/graphql', method, query, body, headers = [], host = new URL(url).host } = options;
  const content = query === undefined ? body : JSON.stringify({ query });
  const payload = content === undefined ? undefined : Buffer.from(content); // a string would make Node send the headers as UTF-8 too
  const standard = query === undefined ? [] : ['Content-Type', 'application/json', 'Accept', 'application/graphql-response+json'];
  const length = payload === undefined ? [] : ['Content-Length', String(payload.byteLength)];
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, {
      method: method ?? (payload === undefined ? 'GET' : 'POST'),
      headers: ['Host', host, ...standard, ...length, ...headers],
      agent: false,
      timeout: 10_000,
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    outgoing.on('response', async (incoming) => {
      const received = await text(incoming);
      const json = incoming.headers['content-type']?.includes('json') ? JSON.parse(received) : undefined;
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: received, json });
    });
    outgoing.end(payload);
  });
}
