import bcrypt from 'bcrypt';
import { matchesHash } from './crypto-hash.ts';
import type { CryptoHash } from './stored-hash.ts';

/**
 * Something to hash at a cost, to compare with bcrypt's encoded hash, or with another one. The secret is a digest, save
 * where an imported hash is of the password itself.
 */
export type HashTask =
  | { readonly secret: string; readonly cost: number }
  | { readonly secret: string; readonly encoded: string }
  | { readonly secret: string; readonly hash: CryptoHash };

/**
 * The encoded hash, or whether the two are the same.
 * @param milliseconds that it took, the wait for a thread left out
 */
export type HashResult = { readonly result: string | boolean; readonly milliseconds: number };

/** Runs on a thread of its own, which it may block. */
export default (task: HashTask): HashResult => {
  const start = performance.now();
  const result = perform(task);
  return { result, milliseconds: performance.now() - start };
};

function perform(task: HashTask): string | boolean {
  if ('encoded' in task) return bcrypt.compareSync(task.secret, task.encoded);
  return 'hash' in task ? matchesHash(task.secret, task.hash) : bcrypt.hashSync(task.secret, task.cost);
}
