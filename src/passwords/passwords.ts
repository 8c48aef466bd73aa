import { hash as digest } from 'node:crypto';
import { serviceUnavailable } from '../errors.ts';
import type { Problem } from '../field-errors.ts';
import type { HashPool } from './hash-pool.ts';
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
  /** Whose threads hash. Who comes when its queue is full is turned away. */
  readonly pool: HashPool;
};

export function createPasswords({ cost, minLength, pool }: Options): Passwords {
  const run = async (task: HashTask) => {
    const result = await pool.run(task);
    if (result === null) throw serviceUnavailable(RETRY_AFTER);
    return result;
  };
  // Well-formed, and nobody's: an unknown name must cost what a wrong password costs.
  const nobody = `${PREFIX}$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  return {
    problemsOf: (password, owner) => problemsOfPassword(password, owner, minLength),
    hash: async (password) => PREFIX + (await run({ secret: prehash(password), cost })),
    async verify(password, encoded) {
      const stored = encoded && wellFormed.test(encoded) ? encoded : undefined;
      const bcrypted = (stored ?? nobody).slice(PREFIX.length).replace(/^\$2y/, '$2b'); // PHP's name for the same
      const matches = await run({ secret: prehash(password), encoded: bcrypted });
      return matches === true && stored !== undefined;
    },
    stop: pool.stop,
  };
}
