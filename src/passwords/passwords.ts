import { hash as digest } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import type { Problem } from '../field-errors.ts';
import { type PasswordOwner, problemsOfPassword } from './policy.ts';

const PREFIX = 'bcrypt_sha256$';
const prehash = (password: string): string => digest('sha256', password);

export type Passwords = {
  /** Everything that speaks against choosing this password. */
  problemsOf(password: string, owner: PasswordOwner): Problem[];
  /** Django's `bcrypt_sha256`: bcrypt over hex(sha256), so no byte past the 72nd is ignored. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and, after the same work, for an account that is not there. */
  verify(password: string, encoded: string | undefined): Promise<boolean>;
};

/** @param cost bcrypt's log2 rounds; 12 takes about 0.3 s of one core. @param minLength characters. */
type Options = { cost: number; minLength: number };

/** Hashes no more than one password a core at a time: bcrypt shares libuv's threads with DNS and the file system. */
export function createPasswords({ cost, minLength }: Options): Passwords {
  const limit = pLimit(availableParallelism());
  const hash = async (password: string) => PREFIX + (await limit(() => bcrypt.hash(prehash(password), cost)));
  const nobody = hash('nobody'); // an unknown name must cost what a wrong password costs
  return {
    problemsOf: (password, owner) => problemsOfPassword(password, owner, minLength),
    hash,
    async verify(password, encoded) {
      const stored = encoded?.startsWith(PREFIX) ? encoded : undefined;
      const bcrypted = (stored ?? (await nobody)).slice(PREFIX.length);
      const matches = await limit(() => bcrypt.compare(prehash(password), bcrypted));
      return matches && stored !== undefined;
    },
  };
}
