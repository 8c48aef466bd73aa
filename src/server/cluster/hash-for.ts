import type { Worker } from 'node:cluster';
import type { HashPool } from '../../services/passwords/hash-pool.ts';
import type { HashReply, WorkerMessage } from './messages.ts';

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
