import { hash as digest } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { serviceUnavailable } from '../errors.ts';
import type { Problem } from '../field-errors.ts';
import type { HashResult, HashTask } from './hash-worker.ts';
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
  hash(password: string): Promise<string>;
  /**
   * Checks a password against a hash in any format that Django writes. False for a wrong password and, after the same time,
   * for an account that is not there and for a hash that nothing can match.
   */
  verify(password: string, encoded: string | undefined): Promise<boolean>;
  /** Whether a stored hash is not what `hash` would make today: of another format or cost. */
  isOutdated(encoded: string): boolean;
  /** Waits for the hashes under way and lets the threads go. */
  stop(): Promise<void>;
};

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
  const pool = new Piscina<HashTask, HashResult>({
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
  const hash = async (password: string) => PREFIX + (await run({ secret: prehash(password), cost })).result;
  const pace = createPace();
  const read = (encoded: string) => parseHash(encoded, Math.max(MAX_BCRYPT_COST, cost));
  const nobody = hash('nobody'); // an unknown name must cost what a wrong password costs
  return {
    problemsOf: (password, owner) => problemsOfPassword(password, owner, minLength),
    hash,
    async verify(password, encoded) {
      const stored = encoded === undefined ? null : read(encoded);
      const hashed = stored ?? read(await nobody);
      if (!hashed) throw new Error('our own hash cannot be read');
      const { result, milliseconds } = await run(taskFor(password, hashed));
      if (result === true && stored !== null) return true;
      await pace.settle(hashed.work, milliseconds);
      return false;
    },
    isOutdated: (encoded) => !encoded.startsWith(`${PREFIX}$2b$${String(cost).padStart(2, '0')}$`),
    async stop() {
      await nobody;
      await pool.close();
    },
  };
}

function taskFor(password: string, hash: StoredHash): HashTask {
  if (hash.kind !== 'bcrypt') return { secret: password, hash };
  return { secret: hash.isOfDigest ? prehash(password) : password, encoded: hash.encoded };
}
