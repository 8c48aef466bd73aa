import type { Config } from '../config/config.ts';
import { openDatabase } from '../database/database.ts';
import { prepareInTime } from '../database/prepare.ts';
import { buildSchema } from '../graphql/schema.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { HashPool } from '../services/passwords/hash-pool.ts';
import type { Feature } from '../shared/feature.ts';
import { type MetricsServer, startMetricsServer } from './http/metrics-server.ts';
import { openInstruments } from './instruments.ts';
import { createServer, type Server } from './server.ts';

type Options = {
  readonly config: Config;
  readonly log: Log;
  readonly features: readonly Feature[];
  readonly hashPool?: HashPool;
  /** Takes what is measured, instead of a port of this process. */
  readonly publish?: (metrics: Metrics) => Promise<void>;
};

/** Serves the API from this process, with a database that is ready for this version. */
export async function serve({ config, log, features, hashPool, publish }: Options): Promise<Server> {
  const { metrics, tracing } = await openInstruments(config);
  const metricsServer = publish ? undefined : await serveMetrics({ config, log, metrics });
  if (metrics) await publish?.(metrics);
  const onReplicaAway = (err: unknown) => log.warn({ err }, 'a replica is away; the primary answers for it');
  const database = await openDatabase({ ...config, features, traceQuery: tracing?.query, onReplicaAway });
  await prepareInTime({ ...config, database, log });
  const server = await createServer({ config, database, features, schema: buildSchema(), log, hashPool, metrics, tracing });
  const close = async () => {
    await server.close();
    await metricsServer?.close();
    await database.close();
    await tracing?.close();
  };
  return { url: server.url, close };
}

type Measured = Pick<Options, 'config' | 'log'> & { readonly metrics: Metrics | null };

async function serveMetrics({ config, log, metrics }: Measured): Promise<MetricsServer | undefined> {
  if (!metrics || !config.metrics) return undefined;
  return startMetricsServer({ endpoint: config.metrics, collect: () => metrics.registry.metrics(), log });
}
