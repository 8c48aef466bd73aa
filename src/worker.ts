import { loadConfig } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import { explainUnusableDatabase } from './database/database-errors.ts';
import { openLog } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import { tellSupervisor } from './server/cluster/messages.ts';
import { createRemoteHashPool } from './server/cluster/shared-hashing.ts';
import { collectGarbage } from './server/collect-garbage.ts';
import { serve } from './server/serve.ts';
import { onStopSignal } from './server/stop-signals.ts';
import { explainFatal } from './shared/operator-error.ts';

/** One of several processes that serve on one port. `node:cluster` ends it when its supervisor is gone. */
async function start(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const log = (await openLog(config)).child({ pid: process.pid });
  const { features } = await import('./features.ts'); // here, so that what is wrong with an app is said in one sentence
  const { url, close } = await serve({ config, log, features, hashPool: createRemoteHashPool(), publish });
  onStopSignal(async () => {
    await close();
    process.disconnect(); // the last thing that keeps it alive
  });
  await tellSupervisor({ type: 'ready', url });
  setImmediate(collectGarbage);
}

/** Answers the supervisor when it asks. */
async function publish({ registry }: Metrics): Promise<void> {
  const { AggregatorRegistry } = await import('prom-client');
  AggregatorRegistry.setRegistries([registry]);
  new AggregatorRegistry(); // begins to listen
}

start().catch(async (error: unknown) => {
  await tellSupervisor({ type: 'failed', reason: explainFatal(explainUnusableDatabase(error)).trimEnd() });
  process.exit(1);
});
