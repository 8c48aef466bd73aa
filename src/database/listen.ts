import type { PGlite } from '@electric-sql/pglite';

/** Receives notifications of a channel. */
export type Listener = {
  readonly onMessage: (payload: string) => void;
  /** Called whenever listening begins: what was sent before, or while the connection was away, has been missed. */
  readonly onListening: () => void;
};

/** Listens to a channel on a connection of its own, reconnecting by itself; resolves once it hears, with the way to stop. */
export type Listen = (channel: string, listener: Listener) => Promise<() => Promise<void>>;

/** LISTEN through postgres.js, which brings what node-postgres leaves to us: reconnecting, with back-off. */
export const listenOnPostgres =
  (url: string): Listen =>
  async (channel, { onMessage, onListening }) => {
    const { default: postgres } = await import('postgres');
    const sql = postgres(url, { max: 1, connect_timeout: 5, max_lifetime: null, onnotice: () => {} });
    await sql.listen(channel, onMessage, onListening);
    return () => sql.end({ timeout: 1 });
  };

/** LISTEN inside the embedded database, which has one process and never goes away. */
export const listenOnPglite =
  (pglite: () => Promise<PGlite>): Listen =>
  async (channel, { onMessage, onListening }) => {
    const stop = await (await pglite()).listen(channel, onMessage);
    onListening();
    return stop;
  };
