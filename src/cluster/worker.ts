import { loadConfig, readEnvironment } from '../config.ts';
import { explainUnusableDatabase } from '../database/unusable-database.ts';
import { createLog } from '../observability/log.ts';
import { explainFatal } from '../operator-error.ts';
import { serve } from '../serve.ts';
import { onStopSignal } from '../stop-signals.ts';
import { tellSupervisor } from './messages.ts';
import { createRemoteHashPool } from './remote-hash-pool.ts';

/** One of several processes that serve on one port. `node:cluster` ends it when its supervisor is gone. */
async function start(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const log = createLog(config.logLevel).child({ pid: process.pid });
  const { url, close } = await serve({ config, log, hashPool: createRemoteHashPool() });
  onStopSignal(async () => {
    await close();
    process.disconnect(); // the last thing that keeps it alive
  });
  await tellSupervisor({ type: 'ready', url });
}

start().catch(async (error: unknown) => {
  await tellSupervisor({ type: 'failed', reason: explainFatal(explainUnusableDatabase(error)).trimEnd() });
  process.exit(1);
});
