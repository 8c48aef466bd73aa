import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilReady } from '../../support/app/server-process.ts';
import { createTestApp } from '../../support/app/test-app.ts';
import { rawRequest } from '../../support/client/raw-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { overOneConnection } from '../../support/database/one-connection.ts';
import { until } from '../../support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const page = 'GET /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n';

function open(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => {});
}

describe('a connection between two requests', () => {
  it('is kept for KEEP_ALIVE, longer than a request may take to arrive', async () => {
    const app = await createTestApp({ on: database, env: { KEEP_ALIVE: '2s', REQUEST_TIMEOUT: '1s' } });
    const start = performance.now();
    const received = await overOneConnection(app.url, 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(performance.now() - start).toBeGreaterThanOrEqual(2000);
    expect(received).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(received).toMatch(/^Keep-Alive: timeout=2\r$/m);
    expect(received).not.toContain('408');
    await app.close();
  });

  it('is kept for 75 s where nothing else is said, which outlives the 60 s of balancers', async () => {
    const app = await createTestApp({ on: database });
    const { headers } = await rawRequest(app.url, { path: '/livez', headers: ['Connection', 'keep-alive'] });
    expect(headers['keep-alive']).toBe('timeout=75');
    await app.close();
  });
});

describe('a client that does not read', () => {
  it('is hung up on after REQUEST_TIMEOUT, and one that reads slowly is not', async () => {
    const app = await createTestApp({ on: database, env: { REQUEST_TIMEOUT: '3s' } });
    const whole = (await rawRequest(app.url, { headers: ['Accept', 'text/html'] })).text.length;
    const [idle, slow] = [open(app.url), open(app.url)];
    let [hasEnded, received, read] = [false, 0, 0];
    idle.on('close', () => (hasEnded = true)).write(page.repeat(5)); // nobody listens for data: it is not read
    slow.on('data', (chunk) => {
      received += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 40); // 9 MB in pieces of 64 kB at most take longer than REQUEST_TIMEOUT
    });
    slow.write(page);
    await until(() => received > whole, 40_000);
    idle.on('data', (chunk) => (read += chunk.length));
    await until(() => hasEnded);
    expect(read).toBeLessThan(5 * whole);
    slow.destroy();
    await app.close();
  });
});

describe('a process that runs out of file descriptors', () => {
  it('says so in one line, closes what is too much and serves on', async () => {
    const child = spawn('sh', ['-c', 'ulimit -n 260; exec "$0" src/start.js', process.execPath], {
      env: { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0', SHUTDOWN_DELAY: '0', ...database.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = await untilReady(child);
    let closed = 0;
    const sockets = Array.from({ length: 180 }, () => open(server.url).on('close', () => closed++));
    await until(() => closed >= 50 && server.output().includes('file descriptors'));
    for (const socket of sockets) socket.destroy();
    await until(async () => (await rawRequest(server.url, { path: '/livez' }).catch(() => null))?.status === 200);
    await server.stop();
    expect(server.output().match(/out of file descriptors/g)).toHaveLength(1);
  });
});
