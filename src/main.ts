import { banner, facts } from './banner.ts';
import { describeStranger } from './config/strangers.ts';
import { loadConfig, readEnvironment, strangersIn } from './config.ts';
import { explainUnusableDatabase } from './database/unusable-database.ts';
import { openLog } from './observability/log.ts';
import { explainFatal } from './operator-error.ts';
import { endOnSignal, onStopSignal, whatIsWaitedFor } from './stop-signals.ts';

async function start(): Promise<void> {
  process.umask(0o077); // what it writes is for its owner only
  const isStarted = endOnSignal();
  const env = readEnvironment();
  const config = loadConfig(env);
  const log = await openLog(config);
  for (const stranger of strangersIn(env)) log.warn(describeStranger(stranger));
  // Imported here, because a supervisor has no use for what a server takes up in memory.
  const { serve } = config.workers === 1 ? await import('./serve.ts') : await import('./cluster/supervisor.ts');
  const { url, close } = await serve({ config, log });
  const stop = () => {
    log.info(whatIsWaitedFor(config));
    return close();
  };
  onStopSignal(stop); // before anybody hears that there is something to stop
  isStarted();
  if (config.production && !process.stdout.isTTY) log.info(facts(config, url), 'the server is ready');
  else process.stdout.write(banner(config, url));
}

start().catch((error: unknown) => {
  process.stderr.write(explainFatal(explainUnusableDatabase(error)));
  process.exit(1);
});
