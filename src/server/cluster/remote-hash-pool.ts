import type { HashPool } from '../../services/passwords/hash-pool.ts';
import type { HashResult } from '../../services/passwords/hash-worker.ts';
import { type HashReply, tellSupervisor } from './messages.ts';

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
