import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Endpoint } from '../../config/observability.ts';
import { OperatorError } from '../../shared/operator-error.ts';

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
