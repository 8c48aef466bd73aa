import bcrypt from 'bcrypt';

/** Something to hash at a cost, or to compare with an encoded hash. The secret is a digest, never a password. */
export type HashTask = { readonly secret: string; readonly cost: number } | { readonly secret: string; readonly encoded: string };

/** The encoded hash, or whether the two are the same. */
export type HashResult = string | boolean;

/** Runs on a thread of its own, which it may block. */
export default (task: HashTask): HashResult =>
  'encoded' in task ? bcrypt.compareSync(task.secret, task.encoded) : bcrypt.hashSync(task.secret, task.cost);
