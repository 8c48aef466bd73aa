import type { ServerOptions } from 'node:http';

/**
 * How long node:http waits for a whole request, before it answers 408 and hangs up: connections that send a byte now and then
 * would pile up otherwise (Slowloris).
 * @param requestTimeout seconds; null: for ever
 */
export function timeouts(requestTimeout: number | null): ServerOptions {
  const milliseconds = (requestTimeout ?? 0) * 1000;
  return { headersTimeout: milliseconds, requestTimeout: milliseconds, connectionsCheckingInterval: 1000 };
}
