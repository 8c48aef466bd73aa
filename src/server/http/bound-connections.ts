import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Log } from '../../observability/log.ts';
import { createSeldom } from '../../observability/seldom.ts';

/** File descriptors left to mails and files; where there are few, half of all are left to everything else. */
const RESERVE = 200;

type Options = {
  readonly log: Log;
  /** Connections that databases may take. */
  readonly databases: number;
};

/**
 * Takes as many connections as there are file descriptors for. At their end the system's library accepts a connection and closes
 * it without a word; here it leaves a line in the log, once a minute.
 */
export function boundConnections(http: Server, { log, databases }: Options): void {
  const isWorthALine = createSeldom({ milliseconds: 60_000, most: 10 });
  const limit = openFilesLimit();
  if (limit !== null) http.maxConnections = Math.max(Math.floor(limit / 2), limit - RESERVE - databases);
  http.on('drop', () => {
    const connections = http.maxConnections;
    if (isWorthALine('drop'))
      log.warn({ connections }, 'out of file descriptors: new connections are closed; raise the limit of open files');
  });
  http.on('error', (err: NodeJS.ErrnoException) => {
    if (isWorthALine(String(err.code))) log.warn({ err }, 'a connection could not be accepted'); // unheard, it would end the process
  });
}

/** Of this process, on Linux; null: unknown, or none. */
function openFilesLimit(): number | null {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
