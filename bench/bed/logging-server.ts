import { once } from 'node:events';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, urlIn } from '../../test/support/app/server-process.ts';
import { until } from '../../test/support/until.ts';

export type LoggingServer = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> };

/** Starts the server with its log in a file, as operators have it: reading it here would slow the load generator down. */
export async function startLoggingServer(env: Record<string, string>): Promise<LoggingServer> {
  const folder = await mkdtemp(join(tmpdir(), 'graphql-token-auth-log-'));
  const file = join(folder, 'server.log');
  const child = launch(env, openSync(file, 'w'));
  const ended = once(child, 'exit');
  child.stderr?.pipe(process.stderr);
  const url = () => urlIn(readFileSync(file, 'utf8'));
  await until(() => url() !== undefined, 60_000);
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { url: url() ?? '', pid: child.pid ?? 0, stop };
}
