import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';

export type PgBouncer = { readonly port: number; readonly stop: () => Promise<void> };

const program = process.env.PGBOUNCER ?? 'pgbouncer';
const path = `${process.env.PATH}:/usr/sbin`; // where Debian puts it

/** Undefined when it is not installed. */
export async function pgbouncerVersion(): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { env: { PATH: path } }).catch(() => ({ stdout: '' }));
  return /PgBouncer (\S+)/.exec(stdout)?.[1];
}

/** Starts a PgBouncer in transaction mode, with fewer connections than there are clients. @param target port of PostgreSQL */
export async function startPgBouncer(target: number, settings: readonly string[] = []): Promise<PgBouncer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-pgbouncer-'));
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${target} user=postgres password=password`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 8',
    'max_client_conn = 500',
    'server_login_retry = 1', // seconds; by default it leaves a server alone for 15 after a failure
    ...settings,
  ];
  await writeFile(file, lines.join('\n'));
  await chmod(folder, 0o755);
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []; // it refuses to run as root
  const child = spawn(program, [...user, file], { env: { PATH: path }, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit');
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}:\n${output}`);
    return isListening(port);
  });
  const stop = async () => {
    child.kill('SIGKILL'); // since 1.23, it waits for its clients at a SIGTERM
    await ended;
    await rm(folder, { recursive: true });
  };
  return { port, stop };
}

async function isListening(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'password', database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
