import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  readonly port: number;
  /** Breaks what is connected and refuses what comes: to the client the other side is away. */
  readonly cut: () => Promise<void>;
  /** Listens again, on the same port. */
  readonly mend: () => Promise<void>;
  /** Keeps what is connected and takes what comes, and lets nothing through. */
  readonly freeze: () => void;
  /** Breaks what is connected and leads what comes to another port: an address that moves from one server to another. */
  readonly leadTo: (target: number) => void;
};

/**
 * Stands between a client and a server, so that a test can take one away from the other.
 * @param targets ports on this machine; several take turns
 */
export async function startTcpProxy(...targets: number[]): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let turn = 0;
  const server = createServer((client) => {
    const upstream = connect(targets[turn++ % targets.length] ?? 0, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
    if (isFrozen) client.pause();
  });
  const listen = async (port: number) => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : port;
  };
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listen(0);
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    breakAll();
    await closed;
  };
  const mend = async () => {
    isFrozen = false;
    await listen(port);
  };
  const freeze = () => {
    isFrozen = true;
    for (const socket of sockets) socket.pause();
  };
  const leadTo = (target: number) => {
    targets = [target];
    breakAll();
  };
  return { port, cut, mend, freeze, leadTo };
}
