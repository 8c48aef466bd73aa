import { hash as digest } from 'node:crypto';
import type { PasswordPolicy } from '../../config/accounts.ts';
import { serviceUnavailable } from '../../shared/errors.ts';
import type { Problem } from '../../shared/field-errors.ts';
import type { Asker } from './asker.ts';
import type { HashPool } from './hash-pool.ts';
import hashOnThisThread, { type HashTask } from './hash-worker.ts';
import { createPace } from './pace.ts';
import { type PasswordOwner, problemsOfPassword } from './policy.ts';
import { MAX_BCRYPT_COST, parseHash, type StoredHash } from './stored-hash.ts';

const PREFIX = 'bcrypt_sha256$';
const RETRY_AFTER = 5; // seconds
const prehash = (password: string): string => digest('sha256', password);

export type Passwords = {
  /** Everything that speaks against choosing this password. */
  problemsOf(password: string, owner: PasswordOwner): Problem[];
  /** Django's `bcrypt_sha256`: bcrypt over hex(sha256), so no byte past the 72nd is ignored. */
  hash(password: string, asker: Asker): Promise<string>;
  /**
   * Checks a password against a hash in any format that Django writes. False for a wrong password and, after the same time,
   * for an account that is not there and for a hash that nothing can match.
   */
  verify(password: string, encoded: string | undefined, asker: Asker): Promise<boolean>;
  /**
   * What to store instead of a hash that is of another format or cost than `hash` makes today. Null for one that is not, and
   * when there is no room to make it: a right password must not be refused for that.
   */
  renew(password: string, encoded: string, asker: Asker): Promise<string | null>;
  /** Waits for the hashes under way and lets the threads go. */
  stop(): Promise<void>;
};

/** What can hash a new password. */
export type Hasher = Pick<Passwords, 'hash'>;

/** Hashes without threads, for a program that does nothing else meanwhile. @param cost bcrypt's log2 rounds */
export const createHasher = (cost: number): Hasher => ({
  hash: async (password) => PREFIX + hashOnThisThread({ secret: prehash(password), cost }).result,
});

type Options = {
  /** bcrypt's log2 rounds; 12 takes about 0.3 s of one core. */
  readonly cost: number;
  readonly policy: PasswordPolicy;
  /** Its threads hash. It turns requests away that it has no room for. */
  readonly pool: HashPool;
};

export function createPasswords({ cost, policy, pool }: Options): Passwords {
  const run = async (task: HashTask, asker: Asker) => {
    const result = await pool.run(task, asker);
    if (result === null) throw serviceUnavailable(RETRY_AFTER);
    return result;
  };
  const current = `${PREFIX}$2b$${String(cost).padStart(2, '0')}$`;
  const read = (encoded: string) => parseHash(encoded, Math.max(MAX_BCRYPT_COST, cost));
  const pace = createPace();
  // Well-formed, and of no account: an unknown name must cost what a wrong password costs.
  const unmatched = `${current}${'.'.repeat(53)}`;
  return {
    problemsOf: (password, owner) => problemsOfPassword(password, owner, policy),
    hash: async (password, asker) => PREFIX + (await run({ secret: prehash(password), cost }, asker)).result,
    async verify(password, encoded, asker) {
      const stored = encoded === undefined ? null : read(encoded);
      const hashed = stored ?? read(unmatched);
      if (!hashed) throw new Error('our own hash cannot be read');
      const { result, milliseconds } = await run(taskFor(password, hashed), asker);
      if (result === true && stored !== null) return true;
      await pace.settle(hashed.work, milliseconds);
      return false;
    },
    async renew(password, encoded, asker) {
      if (encoded.startsWith(current)) return null;
      const made = await pool.run({ secret: prehash(password), cost }, asker);
      return made && PREFIX + made.result;
    },
    stop: pool.stop,
  };
}

function taskFor(password: string, hash: StoredHash): HashTask {
  if (hash.kind !== 'bcrypt') return { secret: password, hash };
  return { secret: hash.isOfDigest ? prehash(password) : password, encoded: hash.encoded };
}
