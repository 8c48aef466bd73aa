import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, type PostgresServer } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';

/**
 * Starts the installed PostgreSQL that fits the installed pg_dump, which reads no server newer than itself. The one among the packages
 * comes without pg_dump. @param scratch where its files go
 */
export async function startPostgresOfPgDump(scratch: string): Promise<PostgresServer> {
  const version = /(\d+)\.\d+/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1];
  const binaries = `/usr/lib/postgresql/${version}/bin`;
  if (!existsSync(join(binaries, 'initdb')))
    throw new Error(`pg_dump is of ${version}, and there is no ${binaries}/initdb: apt install postgresql`);
  const folder = join(scratch, 'postgres');
  mkdirSync(folder);
  const user = owner();
  chmodSync(scratch, 0o711);
  if (user) chownSync(folder, user.uid, user.gid);
  const options = ['--pgdata', folder, '--auth', 'trust', '--username', 'postgres', '--encoding', 'UTF8'];
  execFileSync(join(binaries, 'initdb'), options, { ...user, stdio: 'pipe', cwd: folder });
  const port = await freePort();
  const flags = ['-D', folder, '-p', String(port), '-k', folder, '-c', 'fsync=off'];
  const server = spawn(join(binaries, 'postgres'), flags, { ...user, cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await until(() => answers(url), 30_000);
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
  };
  return { url, stop };
}

/** PostgreSQL refuses to run as root. Null: whoever runs this will do. */
function owner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
