import cluster from 'node:cluster';
import { extname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/config.ts';
import type { Log } from '../../observability/log.ts';
import { createHashPool } from '../../services/passwords/hash-pool.ts';
import { explainFatal } from '../../shared/operator-error.ts';
import { type MetricsServer, startMetricsServer } from '../http/metrics-server.ts';
import type { Server } from '../serve.ts';
import { type End, startWorker, type WorkerProcess } from './worker-process.ts';

const DRAIN_LIMIT = 70_000; // milliseconds; requests may take 20 seconds, and then a mail 45
const STEADY = 30_000; // milliseconds that a worker lived when its death counts as the first one
const LONGEST_DELAY = 10_000; // milliseconds

/**
 * Serves the API from `config.workers` processes on one port and replaces those that die. It hashes for all of them, so that
 * HASH_QUEUE, turns and one hash a core hold for the machine. Each worker sees by itself that the database is ready.
 * @throws OperatorError when a worker cannot start
 */
export async function supervise({ config, log }: { readonly config: Config; readonly log: Log }): Promise<Server> {
  cluster.setupPrimary({ exec: fileURLToPath(new URL(`../../worker${extname(import.meta.url)}`, import.meta.url)), args: [] });
  const metricsServer = await serveMetrics(config, log);
  const hashPool = createHashPool({ queue: config.hashQueue, wait: config.hashWait });
  const start = () => startWorker({ hashPool, log });
  const workers = Array.from({ length: config.workers }, start);
  const [url = ''] = await Promise.all(workers.map(({ ready }) => ready)).catch(async (error: unknown) => {
    signalWorkers('SIGKILL'); // and waits, so that none of them complains of being left alone
    await Promise.allSettled(workers.map(({ ended }) => ended));
    throw error;
  });
  const stopping = new AbortController();
  const places = workers.map(({ ended }) => keepFilled({ ended, start, stopping: stopping.signal, log }));
  const close = async () => {
    stopping.abort();
    signalWorkers('SIGTERM');
    setTimeout(() => signalWorkers('SIGKILL'), config.shutdownDelay * 1000 + DRAIN_LIMIT).unref();
    await Promise.all(places);
    await metricsServer?.close();
    await hashPool.stop();
  };
  return { url, close };
}

/** Adds up what the workers measure. */
async function serveMetrics({ metrics: endpoint }: Config, log: Log): Promise<MetricsServer | undefined> {
  if (!endpoint) return undefined;
  const { AggregatorRegistry } = await import('prom-client');
  const registry = new AggregatorRegistry();
  return startMetricsServer({ endpoint, collect: () => registry.clusterMetrics(), log });
}

type Place = {
  readonly ended: Promise<End>;
  readonly start: () => WorkerProcess;
  readonly stopping: AbortSignal;
  readonly log: Log;
};

/** Starts a worker in place of each that ends, until `stopping`. Those that keep ending are replaced ever later. */
async function keepFilled({ ended, start, stopping, log }: Place): Promise<void> {
  for (let current = ended, early = 0; ; current = startNext(start)) {
    const since = performance.now();
    const end = await current.catch((err: unknown) => ({ err }));
    if (stopping.aborted) return;
    early = performance.now() - since > STEADY ? 0 : early + 1;
    const delay = Math.min(100 * 2 ** early, LONGEST_DELAY);
    log.error({ ...end, delay }, 'a worker ended; another one takes its place');
    await wait(delay, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
  }
}

/** Async, so that a machine without a process to spare makes this one place fail, not the supervisor. */
async function startNext(start: () => WorkerProcess): Promise<End> {
  const { ready, ended } = start();
  ready.catch((error: unknown) => process.stderr.write(explainFatal(error)));
  return ended;
}

function signalWorkers(signal: NodeJS.Signals): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
}
