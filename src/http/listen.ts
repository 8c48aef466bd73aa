import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Config } from '../config.ts';
import { OperatorError } from '../operator-error.ts';

/** Listens and resolves with the URL. @throws OperatorError when the port is taken, or the address not this machine's */
export async function listen(http: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<string> {
  http.listen(port, host);
  try {
    await once(http, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new OperatorError(`The server cannot listen on ${host}, port ${port}: ${reason}. Check HOST and PORT.`, { cause: error });
  }
  const address = http.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}
