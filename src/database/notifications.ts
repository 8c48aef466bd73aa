import { setTimeout } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { connectionOf } from '../config/postgres-url.ts';
import { sessionStatement } from '../config/session.ts';

/** Receives notifications of a channel. */
export type Listener = {
  readonly onMessage: (payload: string) => void;
  /** Called whenever listening begins: what was sent before, or while the connection was away, has been missed. */
  readonly onListening: () => void;
};

/** Listens to a channel on a connection of its own, reconnecting by itself; resolves once it hears, with the way to stop. */
export type Listen = (channel: string, listener: Listener) => Promise<() => Promise<void>>;

const TIMEOUT = 5000; // milliseconds, for connecting and for each statement
const HEARTBEAT = 20_000; // milliseconds: a connection that a firewall forgot breaks silently
const PAUSES = { first: 100, longest: 5000 }; // milliseconds between attempts to connect

type Ear = { readonly ended: Promise<unknown>; readonly close: () => Promise<void> };

/** LISTEN over node-postgres, with what it leaves to us: reconnecting, with back-off, and noticing that the other side is gone. */
export const listenOnPostgres =
  (url: string): Listen =>
  async (channel, listener) => {
    const stopping = new AbortController();
    let ear = await openEar(url, channel, listener);
    const stayTuned = async () => {
      while (!stopping.signal.aborted) {
        await ear.ended;
        ear = (await openAgain(() => openEar(url, channel, listener), stopping.signal)) ?? ear;
      }
      await ear.close();
    };
    const tuned = stayTuned();
    return async () => {
      stopping.abort();
      await ear.close();
      await tuned;
    };
  };

async function openEar(url: string, channel: string, { onMessage, onListening }: Listener): Promise<Ear> {
  const client = new Client({
    ...connectionOf(url, 'The URL of the database'),
    fallback_application_name: 'graphql-token-auth',
    keepAlive: true,
    connectionTimeoutMillis: TIMEOUT,
    query_timeout: TIMEOUT,
  });
  const ended = new Promise((resolve) => client.once('end', resolve));
  const close = () => client.end().catch(() => {});
  client.on('error', () => {}).on('notification', ({ payload = '' }) => onMessage(payload)); // an error ends it
  try {
    await client.connect();
    await client.query(sessionStatement({ timeout: null }));
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    close();
    throw error;
  }
  const heartbeat = setInterval(() => client.query('select 1').catch(close), HEARTBEAT).unref();
  ended.then(() => clearInterval(heartbeat));
  onListening();
  return { ended, close };
}

/** Until it works, ever less often; null when it is to stop. */
async function openAgain(open: () => Promise<Ear>, signal: AbortSignal): Promise<Ear | null> {
  for (let pause = PAUSES.first; !signal.aborted; pause = Math.min(pause * 2, PAUSES.longest)) {
    const ear = await open().catch(() => null);
    if (ear) return ear;
    await setTimeout(pause, null, { signal, ref: false }).catch(() => {}); // stopped
  }
  return null;
}

/** LISTEN inside the embedded database, which has one process and never goes away. */
export const listenOnPglite =
  (pglite: () => Promise<PGlite>): Listen =>
  async (channel, { onMessage, onListening }) => {
    const stop = await (await pglite()).listen(channel, onMessage);
    onListening();
    return stop;
  };
