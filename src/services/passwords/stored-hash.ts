import crypto, { randomBytes } from 'node:crypto';

/** A stored hash that bcrypt verifies. */
export type BcryptHash = { readonly kind: 'bcrypt'; readonly isOfDigest: boolean; readonly encoded: string };

/**
 * A stored hash that node:crypto verifies. `expected` and argon2's salt are base64; md5's and sha1's `expected` is hex, and their salt may
 * be empty.
 */
export type CryptoHash =
  | {
      readonly kind: 'pbkdf2';
      readonly digest: 'sha1' | 'sha256';
      readonly iterations: number;
      readonly salt: string;
      readonly expected: string;
    }
  | {
      readonly kind: 'scrypt';
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly salt: string;
      readonly expected: string;
    }
  | {
      readonly kind: 'argon2';
      readonly algorithm: 'argon2d' | 'argon2i' | 'argon2id';
      readonly memory: number;
      readonly passes: number;
      readonly parallelism: number;
      readonly salt: string;
      readonly expected: string;
    }
  | { readonly kind: 'md5' | 'sha1'; readonly salt: string; readonly expected: string };

/** @param work what of the text says how long it takes to verify */
export type StoredHash = (BcryptHash | CryptoHash) & { readonly work: string };

// A hash comes from a database, perhaps from another site: what it asks for must not hang a thread or exhaust the memory.
// Each bound is about ten times what Django 6 asks for, and takes some seconds of one core.
const MAX_ITERATIONS = 12_000_000;
export const MAX_BCRYPT_COST = 16; // log2 of rounds
const MAX_SCRYPT_WORK = 2 ** 23; // cost times block size times parallelization
const MAX_SCRYPT_MEMORY = 2 ** 28; // bytes
const MAX_ARGON2_MEMORY = 2 ** 18; // KiB
const MAX_ARGON2_WORK = 2 ** 21; // KiB times passes

// Read off the module, not imported by name: Node before 24.7 has no argon2, and such an import would fail.
const hasArgon2 = typeof crypto.argon2Sync === 'function';

const SALT = '[^$]{1,128}';
const patterns = {
  bcrypt: /^(?<work>bcrypt(?<sha256>_sha256)?\$\$2[aby]\$(?<cost>\d\d))\$[./A-Za-z0-9]{53}$/,
  pbkdf2: new RegExp(
    `^(?<work>pbkdf2_sha(?<digest>1|256)\\$(?<iterations>[1-9]\\d{0,8}))\\$(?<salt>${SALT})\\$(?<expected>[+/A-Za-z0-9]+=*)$`,
  ),
  scrypt: new RegExp(
    `^scrypt\\$(?<cost>[1-9]\\d{0,8})\\$(?<salt>${SALT})\\$(?<blockSize>[1-9]\\d{0,3})\\$(?<parallelization>[1-9]\\d{0,3})\\$(?<expected>[+/A-Za-z0-9]{86}==)$`,
  ),
  argon2:
    /^(?<work>argon2\$(?<algorithm>argon2id?|argon2d)\$v=19\$m=(?<memory>[1-9]\d{0,8}),t=(?<passes>[1-9]\d{0,4}),p=(?<parallelism>[1-9]\d{0,2}))\$(?<salt>[+/A-Za-z0-9]{11,128})\$(?<expected>[+/A-Za-z0-9]{16,128})$/,
  md5: new RegExp(`^md5\\$(?<salt>${SALT}|)\\$(?<expected>[0-9a-f]{32})$`),
  sha1: new RegExp(`^sha1\\$(?<salt>${SALT}|)\\$(?<expected>[0-9a-f]{40})$`),
  unsaltedMd5: /^[0-9a-f]{32}$/,
};

const groupsOf = (pattern: RegExp, encoded: string) => pattern.exec(encoded)?.groups;

/**
 * Reads a password hash in one of the formats that Django writes or, before version 5, wrote. Null for any other text: what is
 * unusable, unknown or broken, what would take too long, and `crypt`, which is the C library's and not ours to verify.
 * @param maxBcryptCost log2 of rounds; a server whose own cost is higher must read its own hashes
 * @see https://docs.djangoproject.com/en/5.2/topics/auth/passwords/
 */
export function parseHash(encoded: string, maxBcryptCost = MAX_BCRYPT_COST): StoredHash | null {
  switch (encoded.slice(0, encoded.search(/[_$]/))) {
    case 'bcrypt':
      return parseBcrypt(encoded, maxBcryptCost);
    case 'pbkdf2':
      return parsePbkdf2(encoded);
    case 'scrypt':
      return parseScrypt(encoded);
    case 'argon2':
      return hasArgon2 ? parseArgon2(encoded) : null;
    case 'md5':
    case 'sha1':
      return parseOneRound(encoded);
    default:
      return patterns.unsaltedMd5.test(encoded) ? { kind: 'md5', salt: '', expected: encoded, work: 'md5' } : null;
  }
}

function parseBcrypt(encoded: string, maxCost: number): StoredHash | null {
  const { work = '', sha256, cost } = groupsOf(patterns.bcrypt, encoded) ?? {};
  if (cost === undefined || Number(cost) < 4 || Number(cost) > maxCost) return null;
  const bare = encoded.slice(encoded.indexOf('$') + 1).replace(/^\$2y/, '$2b'); // PHP's name for the same
  return { kind: 'bcrypt', isOfDigest: sha256 !== undefined, encoded: bare, work };
}

const DIGESTS = { 1: { digest: 'sha1', length: 28 }, 256: { digest: 'sha256', length: 44 } } as const; // base64 characters

function parsePbkdf2(encoded: string): StoredHash | null {
  const { work = '', digest: size, iterations, salt = '', expected = '' } = groupsOf(patterns.pbkdf2, encoded) ?? {};
  const { digest, length } = DIGESTS[size === '1' ? 1 : 256];
  if (expected.length !== length || Number(iterations) > MAX_ITERATIONS) return null;
  return { kind: 'pbkdf2', digest, iterations: Number(iterations), salt, expected, work };
}

function parseScrypt(encoded: string): StoredHash | null {
  const groups = groupsOf(patterns.scrypt, encoded);
  if (!groups) return null;
  const { salt = '', expected = '' } = groups;
  const [cost, blockSize, parallelization] = [Number(groups.cost), Number(groups.blockSize), Number(groups.parallelization)];
  const isPowerOfTwo = Number.isInteger(Math.log2(cost)) && cost > 1;
  if (!isPowerOfTwo || cost * blockSize * parallelization > MAX_SCRYPT_WORK) return null;
  if (scryptMemory(cost, blockSize, parallelization) > MAX_SCRYPT_MEMORY) return null;
  return { kind: 'scrypt', cost, blockSize, parallelization, salt, expected, work: `scrypt$${cost}$${blockSize}$${parallelization}` };
}

/** Bytes that scrypt needs. */
export const scryptMemory = (cost: number, blockSize: number, parallelization: number): number =>
  128 * blockSize * (cost + parallelization + 2);

function parseArgon2(encoded: string): StoredHash | null {
  const { work = '', algorithm, salt = '', expected = '', ...numbers } = groupsOf(patterns.argon2, encoded) ?? {};
  if (algorithm !== 'argon2id' && algorithm !== 'argon2i' && algorithm !== 'argon2d') return null;
  const [memory, passes, parallelism] = [Number(numbers.memory), Number(numbers.passes), Number(numbers.parallelism)];
  if (memory < 8 * parallelism || memory > MAX_ARGON2_MEMORY || memory * passes > MAX_ARGON2_WORK) return null;
  return { kind: 'argon2', algorithm, memory, passes, parallelism, salt, expected, work };
}

function parseOneRound(encoded: string): StoredHash | null {
  const kind = encoded.startsWith('md5') ? 'md5' : 'sha1';
  const { salt, expected } = groupsOf(patterns[kind], encoded) ?? {};
  return salt === undefined || expected === undefined ? null : { kind, salt, expected, work: kind };
}

/** Stored where an account has no password: no password matches it. Django's `make_password(None)`, "!" and something random. */
export const unusablePassword = (): string => `!${randomBytes(20).toString('hex')}`;

/** Whether a stored password is none. */
export const isUnusable = (passwordHash: string): boolean => passwordHash.startsWith('!');
