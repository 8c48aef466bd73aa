import { hash as digest } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { serviceUnavailable } from '../errors.ts';
import type { Problem } from '../field-errors.ts';
import hashOnThisThread, { type HashTask } from './hash-worker.ts';
import { type PasswordOwner, problemsOfPassword } from './policy.ts';

const PREFIX = 'bcrypt_sha256$';
// Anything else bcrypt refuses at once, which would tell a broken hash from a wrong password.
const wellFormed = /^bcrypt_sha256\$\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
const RETRY_AFTER = 5; // seconds
const prehash = (password: string): string => digest('sha256', password);

export type Passwords = {
  /** Everything that speaks against choosing this password. */
  problemsOf(password: string, owner: PasswordOwner): Problem[];
  /** Django's `bcrypt_sha256`: bcrypt over hex(sha256), so no byte past the 72nd is ignored. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and, after the same work, for an account that is not there. */
  verify(password: string, encoded: string | undefined): Promise<boolean>;
  /** Waits for the hashes under way and lets the threads go. */
  stop(): Promise<void>;
};

/** What can hash a new password. */
export type Hasher = Pick<Passwords, 'hash'>;

/** Hashes without threads, for a program that does nothing else meanwhile. @param cost bcrypt's log2 rounds */
export const createHasher = (cost: number): Hasher => ({
  hash: async (password) => PREFIX + hashOnThisThread({ secret: prehash(password), cost }),
});

type Options = {
  /** bcrypt's log2 rounds; 12 takes about 0.3 s of one core. */
  readonly cost: number;
  /** Characters. */
  readonly minLength: number;
  /** How many may wait for a core; who comes after them is turned away. */
  readonly queue: number;
};

/**
 * Hashes on threads of its own, one a core, that give way to everything else: a flood of logins must not slow
 * those who are signed in, and libuv's threads are for DNS and the file system.
 */
export function createPasswords({ cost, minLength, queue }: Options): Passwords {
  const pool = new Piscina<HashTask, string | boolean>({
    filename: new URL('./hash-worker.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: availableParallelism(),
    niceIncrement: 19,
    idleTimeout: 60_000,
  });
  const run = (task: HashTask) => {
    if (pool.queueSize >= queue) throw serviceUnavailable(RETRY_AFTER);
    return pool.run(task);
  };
  const hash = async (password: string) => PREFIX + (await run({ secret: prehash(password), cost }));
  const nobody = hash('nobody'); // an unknown name must cost what a wrong password costs
  return {
    problemsOf: (password, owner) => problemsOfPassword(password, owner, minLength),
    hash,
    async verify(password, encoded) {
      const stored = encoded && wellFormed.test(encoded) ? encoded : undefined;
      const bcrypted = (stored ?? (await nobody)).slice(PREFIX.length).replace(/^\$2y/, '$2b'); // PHP's name for the same
      const matches = await run({ secret: prehash(password), encoded: bcrypted });
      return matches === true && stored !== undefined;
    },
    async stop() {
      await nobody;
      await pool.close();
    },
  };
}
