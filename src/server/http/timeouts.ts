import type { ServerOptions, ServerResponse } from 'node:http';

type Options = {
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
export function timeouts({ requestTimeout, keepAlive }: Options): ServerOptions {
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
