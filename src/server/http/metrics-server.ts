import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { Endpoint } from '../../config/observability.ts';
import type { Log } from '../../observability/log.ts';
import { hangUpOnIdleReader, listen, timeouts } from './listen.ts';
import { respond } from './respond.ts';

type Options = {
  readonly endpoint: Endpoint;
  /** All metrics, in Prometheus's text format. */
  readonly collect: () => Promise<string>;
  readonly log: Log;
};

export type MetricsServer = { readonly url: string; readonly close: () => Promise<void> };

/** Answers Prometheus on a port of its own, so that no proxy in front of the API can let the public in. */
export async function startMetricsServer({ endpoint, collect, log }: Options): Promise<MetricsServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    hangUpOnIdleReader(response, 30);
    if (request.url !== '/metrics' || request.method !== 'GET') return respond(response, 404, 'There is nothing here. Try GET /metrics.');
    try {
      respond(response, 200, await collect(), { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    } catch (err) {
      log.warn({ err }, 'the metrics could not be collected');
      respond(response, 503, 'not available');
    }
  };
  const http = createServer(timeouts({ requestTimeout: 10, keepAlive: 75 }), answer);
  const url = await listen(http, endpoint, 'METRICS');
  log.info({ url: `${url}/metrics` }, 'metrics can be scraped');
  const close = async () => {
    const closed = promisify(http.close.bind(http))();
    http.closeAllConnections();
    await closed;
  };
  return { url: `${url}/metrics`, close };
}
