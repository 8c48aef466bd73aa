import type { IncomingMessage } from 'node:http';

/** The program at the other end, as far as its request shows. */
export type Client = {
  readonly ipAddress: string | null;
  /** At most 300 characters. */
  readonly userAgent: string;
};

/** Reads the client off a request. The User-Agent is whatever somebody wrote: cut, and freed of control characters. */
export const clientOf = ({ socket, headers }: IncomingMessage): Client => ({
  ipAddress: socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? null,
  userAgent: (headers['user-agent'] ?? '').replace(/\p{Cc}/gu, ' ').slice(0, 300),
});
