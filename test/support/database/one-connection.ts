import { connect } from 'node:net';

type Options = { hangUp?: boolean; encoding?: BufferEncoding };

/**
 * Sends bytes over one connection, and returns all that comes back until the server closes it.
 * @param options.hangUp says at once that no more will come
 * @param options.encoding of what comes back
 */
export function overOneConnection(url: string, bytes: string, { hangUp = false, encoding }: Options = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => (hangUp ? socket.end(bytes) : socket.write(bytes)));
    if (encoding) socket.setEncoding(encoding);
    socket.setTimeout(10_000, () => socket.destroy(new Error('the server neither answered nor closed within 10 s')));
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
