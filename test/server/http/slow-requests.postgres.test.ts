import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ env: { REQUEST_TIMEOUT: '1s' } });
});
afterAll(() => app.close());

/** Sends bytes, then `drop` ten times a second for as long as the server takes it. Resolves with what came back. */
function drip(start: string, drop: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(start));
    const dripping = setInterval(() => socket.write(drop), 100);
    socket.on('data', (chunk) => (received += chunk)).on('error', () => {}); // a drop that comes too late is answered by a reset
    socket.on('close', () => {
      clearInterval(dripping);
      resolve(received);
    });
  });
}

const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const input = '{ username: "slow", password: "tr0mbone-Quartz-11" }';
const body = JSON.stringify({ query: `mutation { register(input: ${input}) { token } }` });

const REFUSAL = /^HTTP\/1.1 408 Request Timeout\r\n/;

describe('a request that takes longer than REQUEST_TIMEOUT is hung up on', () => {
  it.concurrent.each([
    { what: 'a connection that says nothing', start: '', drop: '' },
    { what: 'a header that stops', start: head, drop: '' },
    { what: 'a header that comes byte by byte', start: `${head}X-Slow: `, drop: 'x' },
    { what: 'a body that stops', start: `${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`, drop: '' },
    { what: 'a body that comes byte by byte', start: `${head}Content-Length: 90000\r\n\r\n${body}`, drop: ' ' },
  ])('$what', async ({ start, drop }) => {
    const received = await drip(start, drop);
    expect(received).toMatch(drop === '' ? REFUSAL : /^$|^HTTP\/1.1 408 /); // the reset may overtake the answer
    expect(app.alarms()).toEqual([]);
    expect(await app.sql('select * from users')).toEqual([]);
    expect((await app.graphql('{ __typename }')).status).toBe(200);
  });
});
