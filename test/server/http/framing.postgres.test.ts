import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';

/**
 * What proxies and servers have read differently: where a request ends, and which header counts.
 * Each message hides a second request; if the server took that for one, an account would be made.
 */
let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.register('bearer'));
});
afterAll(() => app.close());

const HIDDEN_BODY = '{"query":"mutation { register(input: { username: \\"smuggled\\", password: \\"tr0mbone-Quartz-11\\" }) { token } }"}';
const HIDDEN = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${HIDDEN_BODY.length}\r\n\r\n${HIDDEN_BODY}`;
const HELLO = '{"query":"{ hello }"}';
const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const SIZE = HELLO.length.toString(16);
const END = '0\r\n\r\n';

/** A request with a body of the length that is declared first, behind which the hidden one stands. */
const lengths = (headers: string) => `${HEAD}${headers}\r\n\r\n${HELLO}${HIDDEN}`;
const chunked = (headers: string, body = `${SIZE}\r\n${HELLO}\r\n${END}`) => `${HEAD}${headers}\r\n\r\n${body}${HIDDEN}`;
const inChunks = (body: string) => chunked('Transfer-Encoding: chunked', body);
const LENGTH = `Content-Length: ${HELLO.length}`;

/** 400 is what the parser of Node says, 415 what this server says of an encoding. */
const refused: { trick: string; bytes: string; status?: number }[] = [
  { trick: 'two lengths', bytes: lengths(`${LENGTH}\r\nContent-Length: ${HELLO.length + HIDDEN.length}`) },
  { trick: 'the same length twice', bytes: lengths(`${LENGTH}\r\n${LENGTH}`) },
  { trick: 'two lengths in one header', bytes: lengths(`${LENGTH}, ${HELLO.length}`) },
  { trick: 'a length with a sign', bytes: lengths(`Content-Length: +${HELLO.length}`) },
  { trick: 'a length below zero', bytes: lengths('Content-Length: -1') },
  { trick: 'a hexadecimal length', bytes: lengths('Content-Length: 0x15') },
  { trick: 'a length of 21 digits', bytes: lengths('Content-Length: 100000000000000000021') },
  { trick: 'a blank before the colon of a length', bytes: lengths(`Content-Length : ${HELLO.length}`) },
  { trick: 'a length and chunks', bytes: chunked(`${LENGTH}\r\nTransfer-Encoding: chunked`) },
  { trick: 'chunks and a length', bytes: chunked(`Transfer-Encoding: chunked\r\n${LENGTH}`) },
  { trick: 'chunks that are not the last encoding', bytes: chunked('Transfer-Encoding: chunked, identity') },
  { trick: 'an encoding that nobody knows', bytes: chunked('Transfer-Encoding: xchunked'), status: 415 },
  { trick: 'chunks behind a vertical tab', bytes: chunked('Transfer-Encoding: \x0bchunked') },
  { trick: 'chunks on a folded line', bytes: chunked('Transfer-Encoding:\r\n chunked') },
  { trick: 'a blank before the colon of an encoding', bytes: chunked('Transfer-Encoding : chunked') },
  { trick: 'a chunk with a prefix', bytes: inChunks(`0x${SIZE}\r\n${HELLO}\r\n${END}`) },
  { trick: 'a chunk below zero', bytes: inChunks(`-1\r\n${HELLO}\r\n${END}`) },
  { trick: 'a chunk too large to count', bytes: inChunks(`fffffffffffffffff\r\n${HELLO}\r\n${END}`) },
  { trick: 'a chunk longer than it says', bytes: inChunks(`5\r\n${HELLO}\r\n${END}`) },
  { trick: 'a chunk whose size ends in a line feed', bytes: inChunks(`${SIZE}\n${HELLO}\r\n${END}`) },
  { trick: 'a chunk whose extension ends in a line feed', bytes: inChunks(`${SIZE};\n${HELLO}\r\n${END}`) },
  { trick: 'a header that ends in a line feed', bytes: lengths(`X-A: b\n${LENGTH}`) },
  { trick: 'a header that ends in a carriage return', bytes: lengths(`X-A: b\r${LENGTH}`) },
  { trick: 'a NUL in a header', bytes: lengths(`X-A: b\0\r\n${LENGTH}`) },
  { trick: 'a header without a colon', bytes: lengths(`X-A\r\n${LENGTH}`) },
  { trick: 'a folded header', bytes: lengths(`X-A: b\r\n c\r\n${LENGTH}`) },
  { trick: 'a header without a name', bytes: lengths(`: b\r\n${LENGTH}`) },
  { trick: 'a request of HTTP/0.9', bytes: `GET /graphql?query={hello}\r\n${HIDDEN}` },
  { trick: 'a preface of HTTP/2', bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}` },
  { trick: 'a version that there is not', bytes: lengths(LENGTH).replace('HTTP/1.1', 'HTTP/1.9') },
  { trick: 'a line feed in the path', bytes: lengths(LENGTH).replace('/graphql', '/graph\nql') },
];

const statusesIn = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

describe('a message that may be read in two ways is refused, and ends the connection:', () => {
  it.each(refused)('$trick', async ({ bytes, status = 400 }) => {
    expect(statusesIn(await overOneConnection(app.url, bytes))).toEqual([status]);
  });
});

const CLOSE = 'Connection: close\r\n';
const withKey = () => `Authorization: Token ${token}\r\n`;
const inside = `Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`;

const plain: { trick: string; bytes: () => string; statuses: number[] }[] = [
  { trick: 'no trick', bytes: () => `${HEAD}${CLOSE}${withKey()}${LENGTH}\r\n\r\n${HELLO}`, statuses: [200] },
  { trick: 'a request in the body of a GET', bytes: () => `GET /livez HTTP/1.1\r\nHost: x\r\n${CLOSE}${inside}`, statuses: [200] },
  { trick: 'a request in a body of the wrong type', bytes: () => `${HEAD}${CLOSE}${inside}`.replace('/json', '/xml'), statuses: [415] },
  {
    trick: 'a request for the root of another host',
    bytes: () => `POST http://evil.example/nowhere HTTP/1.1\r\nHost: x\r\n${CLOSE}${inside}`,
    statuses: [404],
  },
  { trick: 'a change to HTTP/2', bytes: () => `${HEAD}Connection: Upgrade, close\r\nUpgrade: h2c\r\n${inside}`, statuses: [400] },
  { trick: 'a tunnel', bytes: () => `CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n${HIDDEN}`, statuses: [] },
  { trick: 'an expectation', bytes: () => `${HEAD}${CLOSE}Expect: a-miracle\r\n${inside}`, statuses: [417] },
  {
    trick: 'a key behind the last chunk',
    bytes: () => `${HEAD}${CLOSE}Transfer-Encoding: chunked\r\n\r\n${SIZE}\r\n${HELLO}\r\n0\r\n${withKey()}\r\n`,
    statuses: [200],
  },
  { trick: 'a key in the name of a header', bytes: () => `${HEAD}${CLOSE}X-A-${withKey()}${LENGTH}\r\n\r\n${HELLO}`, statuses: [200] },
];

describe('a message that can be read in one way is read in that way:', () => {
  it.each(plain)('$trick', async ({ trick, bytes, statuses }) => {
    const received = await overOneConnection(app.url, bytes());
    expect(statusesIn(received)).toEqual(statuses);
    expect(received.includes('Hello, World!')).toBe(trick === 'no trick');
  });
});

it('no hidden request made an account, and nothing is in the log', async () => {
  expect(await app.sql("select 1 from users where username = 'smuggled'")).toEqual([]);
  expect(app.alarms()).toEqual([]);
});
