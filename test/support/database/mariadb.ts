import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until.ts';
import { freePort } from './postgres-server.ts';

const env = { PATH: `${process.env.PATH}:/usr/sbin` }; // where Debian puts servers

/** Which of these programs are not installed. */
export const missingPrograms = (...programs: string[]): string[] =>
  programs.filter((program) => {
    try {
      execFileSync(program, ['--version'], { env, stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });

/** Runs a program to its end, and returns what it printed. */
export async function runProgram(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: 60_000 });
  return stdout;
}

/** A server of MariaDB whose root has no password. */
export type MariaDb = { readonly port: number; readonly run: (sql: string) => Promise<string>; readonly stop: () => Promise<void> };

/** Starts one of its own, on a free port. */
export async function startMariaDb(): Promise<MariaDb> {
  const folder = await mkdtemp(join(tmpdir(), 'gta-mariadb-'));
  const [data, socket] = [join(folder, 'data'), join(folder, 'socket')];
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const common = ['--no-defaults', `--datadir=${data}`, ...user];
  await runProgram('mariadb-install-db', [...common, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const child = spawn('mariadbd', [...common, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1'], {
    env,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const run = (sql: string) =>
    runProgram('mariadb', ['--no-defaults', '--default-character-set=utf8mb4', `--socket=${socket}`, '--user=root', '--execute', sql]);
  await until(() =>
    run('select 1').then(
      () => true,
      () => false,
    ),
  );
  const stop = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  };
  return { port, run, stop };
}
