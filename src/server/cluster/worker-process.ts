import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Log } from '../../observability/log.ts';
import type { HashPool } from '../../services/passwords/hash-pool.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { WorkerMessage } from './messages.ts';
import { hashFor } from './shared-hashing.ts';

/** How a worker ended: with an exit code, or by a signal. */
export type End = { readonly pid: number | undefined; readonly code: number | null; readonly signal: string | null };

export type WorkerProcess = {
  /** Resolves with the URL when it listens. @throws OperatorError when it ends before */
  readonly ready: Promise<string>;
  readonly ended: Promise<End>;
};

/** Starts a worker and hashes for it. */
export function startWorker({ hashPool, log }: { readonly hashPool: HashPool; readonly log: Log }): WorkerProcess {
  const worker = cluster.fork();
  const { pid } = worker.process;
  hashFor(worker, hashPool);
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'ready') resolve(message.url);
    if (message.type === 'failed') reject(new OperatorError(message.reason));
  });
  const ended = once(worker, 'exit').then(([code, signal]): End => ({ pid, code, signal }));
  ended.then(({ code, signal }) => reject(new OperatorError(`A worker ended with ${signal ?? code} before it was ready.`)), reject);
  ready.then(
    () => log.info({ pid }, 'a worker is ready'),
    () => {},
  );
  return { ready, ended };
}
