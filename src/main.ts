import { banner } from './banner.ts';
import { type Config, loadConfig, readEnvironment } from './config.ts';
import { explainUnusableDatabase } from './database/unusable-database.ts';
import { type Log, openLog } from './observability/log.ts';
import { explainFatal } from './operator-error.ts';
import type { Server } from './server.ts';
import { endOnSignal, onStopSignal } from './stop-signals.ts';

async function start(): Promise<void> {
  process.umask(0o077); // what it writes is for its owner only
  const isStarted = endOnSignal();
  const config = loadConfig(readEnvironment());
  const log = await openLog(config);
  const { url, close } = await serve(config, log);
  onStopSignal(close); // before anybody hears that there is something to stop
  isStarted();
  process.stdout.write(banner(config, url));
}

/** Imports what it needs only: a supervisor has no use for what a server takes up in memory. */
async function serve(config: Config, log: Log): Promise<Server> {
  if (config.workers > 1) return (await import('./cluster/supervisor.ts')).supervise({ config, log });
  const [server, { features }] = await Promise.all([import('./serve.ts'), import('./features.ts')]);
  return server.serve({ config, log, features });
}

start().catch((error: unknown) => {
  process.stderr.write(explainFatal(explainUnusableDatabase(error)));
  process.exit(1);
});
