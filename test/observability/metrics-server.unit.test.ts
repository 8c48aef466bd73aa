import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/observability/log.ts';
import { type MetricsServer, startMetricsServer } from '../../src/server/http/metrics-server.ts';

let server: MetricsServer;
let collect: () => Promise<string>;
const log = createLog('silent');
beforeAll(async () => {
  server = await startMetricsServer({ endpoint: { host: '127.0.0.1', port: 0 }, collect: () => collect(), log });
});
afterAll(() => server.close());

it('the port for metrics answers GET /metrics in the format of Prometheus, and nothing else', async () => {
  collect = async () => 'up 1\n';
  const reply = await fetch(server.url);
  expect(await reply.text()).toBe('up 1\n');
  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await fetch(new URL('/graphql', server.url))).status).toBe(404);
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
});

it('metrics that cannot be collected are a 503 without a detail', async () => {
  collect = async () => Promise.reject(new Error('the reason'));
  const reply = await fetch(server.url);
  expect(reply.status).toBe(503);
  expect(await reply.text()).toBe('not available');
});

it('a port that is taken stops the start, with the name of the variable', async () => {
  const endpoint = { host: '127.0.0.1', port: Number(new URL(server.url).port) };
  await expect(startMetricsServer({ endpoint, collect, log })).rejects.toThrow('Check METRICS.');
});
