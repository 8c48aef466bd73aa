import crypto from 'node:crypto';
import { type CryptoHash, scryptMemory } from './stored-hash.ts';

/** Whether a password has this hash. Blocks for as long as the hash asks for. */
export function matchesHash(password: string, hash: CryptoHash): boolean {
  const expected = Buffer.from(hash.expected, hash.kind === 'md5' || hash.kind === 'sha1' ? 'hex' : 'base64');
  const actual = derive(password, hash, expected.length);
  return actual.length === expected.length && crypto.timingSafeEqual(actual, expected);
}

/** As the class of that name in django.contrib.auth.hashers does. */
function derive(password: string, hash: CryptoHash, length: number): Buffer {
  switch (hash.kind) {
    case 'pbkdf2':
      return crypto.pbkdf2Sync(password, hash.salt, hash.iterations, length, hash.digest);
    case 'scrypt':
      return crypto.scryptSync(password, hash.salt, length, {
        cost: hash.cost,
        blockSize: hash.blockSize,
        parallelization: hash.parallelization,
        maxmem: 2 * scryptMemory(hash.cost, hash.blockSize, hash.parallelization),
      });
    case 'argon2': {
      const { algorithm, memory, passes, parallelism } = hash;
      const nonce = Buffer.from(hash.salt, 'base64');
      return crypto.argon2Sync(algorithm, { message: password, nonce, parallelism, tagLength: length, memory, passes });
    }
    case 'md5':
    case 'sha1':
      return crypto.hash(hash.kind, hash.salt + password, 'buffer');
  }
}
