import bcrypt from 'bcrypt';

/** Something to hash at a cost, or to compare with an encoded hash. The secret is a digest, never a password. */
export type HashTask = { readonly secret: string; readonly cost: number } | { readonly secret: string; readonly encoded: string };

/** Runs on a thread of its own, which it may block. */
export default (task: HashTask): string | boolean =>
  'encoded' in task ? bcrypt.compareSync(task.secret, task.encoded) : bcrypt.hashSync(task.secret, task.cost);
