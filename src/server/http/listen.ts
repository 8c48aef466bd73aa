import { once } from 'node:events';
import type { Server, ServerOptions, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { Endpoint } from '../../config/observability.ts';
import { OperatorError } from '../../shared/operator-error.ts';

/** Milliseconds for the requests that run. */
export const GRACE = 20_000;

/**
 * Listens and resolves with the URL.
 * @param variables where the operator says host and port
 * @throws OperatorError when the port is taken, or the address not this machine's
 */
export async function listen(http: Server, { host, port }: Endpoint, variables = 'HOST and PORT'): Promise<string> {
  http.listen(port, host);
  try {
    await once(http, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new OperatorError(`The server cannot listen on ${host}, port ${port}: ${reason}. Check ${variables}.`, { cause: error });
  }
  const address = http.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}

type Patience = {
  /** Seconds for a whole request to arrive; null: for ever. */
  readonly requestTimeout: number | null;
  /** Seconds that a connection is kept between two requests. */
  readonly keepAlive: number;
};

/**
 * How long node:http waits for a whole request, before it answers 408 and hangs up: connections that send a byte now and then
 * would pile up otherwise (Slowloris). And how long for the next one, which has to be longer than a proxy in front keeps the
 * connection: one that sends a request while this end hangs up answers 502.
 */
export function timeouts({ requestTimeout, keepAlive }: Patience): ServerOptions {
  return {
    requestTimeout: (requestTimeout ?? 0) * 1000, // the header is part of it
    headersTimeout: 0, // none of its own, or it could end what is kept alive
    keepAliveTimeout: keepAlive * 1000,
    connectionsCheckingInterval: 1000,
  };
}

/**
 * Hangs up on a client that has not read any of what is waiting for it for so long: it would hold the answer in memory for ever.
 * @param seconds null: for ever
 */
export function hangUpOnIdleReader(response: ServerResponse, seconds: number | null): void {
  if (seconds === null) return;
  response.setTimeout(seconds * 1000, () => {
    if (response.socket && response.socket.writableLength > 0) response.socket.destroy();
  });
}

/** Stops listening and lets what runs finish; what takes too long is cut off. @param hangUp on what would never finish */
export async function drain(http: Server, hangUp: () => void): Promise<void> {
  const closed = promisify(http.close.bind(http))();
  const tidying = setInterval(() => {
    http.closeIdleConnections(); // kept alive by requests that ended meanwhile
    hangUp();
  }, 50);
  const cut = setTimeout(() => http.closeAllConnections(), GRACE);
  await closed.finally(() => {
    clearInterval(tidying);
    clearTimeout(cut);
  });
}
