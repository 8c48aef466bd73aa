import type { Worker } from 'node:cluster';
import type { HashPool } from '../../services/passwords/hash-pool.ts';
import type { HashResult } from '../../services/passwords/hash-worker.ts';
import { type HashReply, tellSupervisor, type WorkerMessage } from './messages.ts';

/** Hashes for a worker what it asks for. What still waits when it ends, or is abandoned before, leaves the queue. */
export function hashFor(worker: Worker, hashPool: HashPool): void {
  const asked = new Map<number, AbortController>();
  const answer = (reply: HashReply) => {
    asked.delete(reply.id);
    if (worker.isConnected()) worker.send(reply, () => {}); // it may die any moment
  };
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'hash-abandoned') asked.get(message.id)?.abort();
    if (message.type !== 'hash') return;
    const { id, task, lane } = message;
    const abandoned = new AbortController();
    asked.set(id, abandoned);
    hashPool.run(task, { ...lane, signal: abandoned.signal }).then(
      (result) => answer({ id, result }),
      (error: unknown) => answer({ id, error: String(error) }),
    );
  });
  worker.once('exit', () => {
    for (const abandoned of asked.values()) abandoned.abort();
  });
}

const isHashReply = (message: unknown): message is HashReply => typeof message === 'object' && message !== null && 'id' in message;

/** Hashes on the supervisor's threads, whose number and queue bound all workers together. Ends with the process. */
export function createRemoteHashPool(): HashPool {
  const waiting = new Map<number, PromiseWithResolvers<HashResult | null>>();
  let last = 0;
  process.on('message', (message) => {
    if (!isHashReply(message)) return;
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asked?.reject(new Error(message.error));
    else asked?.resolve(message.result);
  });
  const run: HashPool['run'] = (task, { block, account, signal }) => {
    const asked = Promise.withResolvers<HashResult | null>();
    const id = ++last;
    const abandon = () => tellSupervisor({ type: 'hash-abandoned', id }).catch(asked.reject);
    waiting.set(id, asked);
    tellSupervisor({ type: 'hash', id, task, lane: { block, account } }).catch(asked.reject);
    if (signal?.aborted) abandon();
    signal?.addEventListener('abort', abandon);
    return asked.promise.finally(() => signal?.removeEventListener('abort', abandon));
  };
  return { run, stop: async () => {} };
}
