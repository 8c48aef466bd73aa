import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hangUpOnIdleReader } from '../../../src/server/http/listen.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Asks a server that answers so, and hangs up on idle readers after a second. */
async function ask(answer: RequestListener): Promise<{ server: Server; client: Socket }> {
  const server = createServer((request, response) => {
    hangUpOnIdleReader(response, 1);
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  closing.push(
    () => client.destroy(),
    () => server.close(),
  );
  return { server, client };
}

const event = `data: ${'x'.repeat(10_000)}\n\n`;

describe('a stream', () => {
  it('that a client does not read is broken off, whatever comes on top', async () => {
    const ended = new Promise<boolean>((resolve) => {
      ask((_request, response) => {
        const pinging = setInterval(() => response.write(event), 5);
        response.once('close', () => {
          clearInterval(pinging);
          resolve(response.writableFinished);
        });
      });
    });
    expect(await ended).toBe(false);
  });

  it('that has nothing to say for longer stays open', async () => {
    const { client } = await ask((_request, response) => {
      response.write(':\n\n');
      setTimeout(() => response.end('data: news\n\n'), 2500);
    });
    let received = '';
    client.on('data', (chunk) => (received += chunk));
    await once(client, 'close');
    expect(received).toContain('news');
  });
});
