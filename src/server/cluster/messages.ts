import type { Lane } from '../../services/passwords/fair-queue.ts';
import type { HashResult, HashTask } from '../../services/passwords/hash-worker.ts';

/** What a worker tells its supervisor. */
export type WorkerMessage =
  /** It listens. */
  | { readonly type: 'ready'; readonly url: string }
  /** It cannot start. */
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'hash'; readonly id: number; readonly task: HashTask; readonly lane: Lane }
  /** The answer to `hash` is not waited for any more. */
  | { readonly type: 'hash-abandoned'; readonly id: number };

/** What a supervisor answers to `hash`: what a pool of its own would have told the worker. */
export type HashReply = { readonly id: number } & ({ readonly result: HashResult | null } | { readonly error: string });

/** Tells the supervisor of this process; resolves when that is sent. */
export const tellSupervisor = (message: WorkerMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error: Error | null) => (error ? reject(error) : resolve()));
  });
