import type { Config } from './config/config.ts';
import { loadConfig } from './config/config.ts';
import { describeStranger, readEnvironment, strangersIn } from './config/environment.ts';
import { explainUnusableDatabase } from './database/database-errors.ts';
import { type Log, openLog } from './observability/log.ts';
import { banner, facts } from './server/banner.ts';
import { collectGarbage } from './server/collect-garbage.ts';
import type { Server } from './server/serve.ts';
import { endOnSignal, onStopSignal, whatIsWaitedFor } from './server/stop-signals.ts';
import { asTyped } from './shared/as-typed.ts';
import { explainFatal } from './shared/operator-error.ts';

async function start(): Promise<void> {
  process.umask(0o077); // what it writes is for its owner only
  const isStarted = endOnSignal();
  const env = readEnvironment();
  const config = loadConfig(env);
  const log = await openLog(config);
  for (const stranger of strangersIn(env)) log.warn(describeStranger(stranger));
  const { url, close } = await serve(config, log);
  const stop = () => {
    log.info(whatIsWaitedFor(config));
    return close();
  };
  onStopSignal(stop); // before the banner tells that there is something to stop
  isStarted();
  if (config.production && !process.stdout.isTTY) log.info(facts(config, url), 'the server is ready');
  else process.stdout.write(asTyped(banner(config, url)));
  setImmediate(collectGarbage);
}

/** Imports what it needs only: a supervisor has no use for what a server takes up in memory. */
async function serve(config: Config, log: Log): Promise<Server> {
  if (config.workers > 1) return (await import('./server/cluster/supervisor.ts')).supervise({ config, log });
  const [server, { features }] = await Promise.all([import('./server/serve.ts'), import('./features.ts')]);
  return server.serve({ config, log, features });
}

start().catch((error: unknown) => {
  process.stderr.write(asTyped(explainFatal(explainUnusableDatabase(error))));
  process.exit(1);
});
