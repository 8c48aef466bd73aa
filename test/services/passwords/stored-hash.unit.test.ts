import { describe, expect, it } from 'vitest';
import { matchesHash } from '../../../src/services/passwords/crypto-hash.ts';
import { parseHash } from '../../../src/services/passwords/stored-hash.ts';
import site from '../../fixtures/django-users.json' with { type: 'json' };

const SCRYPT = 'QBzEIqA9Lm9XL63jU1B86Mz4dYaAHrvORX/iRU4+NAlSb2cr2cAipz+c+rHVNRnccIY61BtYhnmHkJsGBH86pg==';
const SHA256 = 'oy7o0tlqwC5yGwHrjXY2momVg4QP098ZiuF3BGZOGLA=';
const BCRYPT = '08etlpcEQkVAe.WM4b0GVO/BUB9R.l2Iq0D/6kLnaJ1ocMukvLdf6';
const ARGON2 = 'RjVocU9nRGlxbG1wZEJ3QmE4YjhHYg$tWZZPIH58iEtsvYlNK3+ORAkj4DNaM72y/WhxgGaRc0';

describe('a hash that Django wrote is read', () => {
  it.each(site.users.filter(({ hasher }) => hasher))('$hasher of $username', ({ encoded }) => {
    expect(parseHash(encoded)).not.toBeNull();
  });
});

describe('a hash that is none, or asks for too much work, is not', () => {
  it.each([
    ['nothing', ''],
    ['an unusable one', '!gNQQHhSDFurbNTc4aPsN73Oh7YUe2i2sgIGgBYeh'],
    ['a format of the C library', 'crypt$$abprj99vCww4M'],
    ['sha1 in hex alone, which Django does not know', 'f6d258fc5e55be0181aceaa078d23f85878e9bc2'],
    ['md5 in capitals, which Django does not match', '05E2C6B2432789BB6141C64D8AB7DD50'],
    ['md5 by the name that Django has for it without a salt', 'unsalted_md5$$05e2c6b2432789bb6141c64d8ab7dd50'],
    ['sha1 with a digest of md5', 'sha1$salt$05e2c6b2432789bb6141c64d8ab7dd50'],
    ['sha1 with a line break after it', 'sha1$$f6d258fc5e55be0181aceaa078d23f85878e9bc2\n'],
    ['a name of Object.prototype', 'constructor$a$b'],
    ['a password in plain text', 'swordfish'],
    ['pbkdf2 of a billion iterations', `pbkdf2_sha256$1000000000$salt$${SHA256}`],
    ['pbkdf2 of no iterations', `pbkdf2_sha256$0$salt$${SHA256}`],
    ['pbkdf2 of negative iterations', `pbkdf2_sha256$-1$salt$${SHA256}`],
    ['pbkdf2 of 1e6 iterations', `pbkdf2_sha256$1e6$salt$${SHA256}`],
    ['pbkdf2 with a short digest', 'pbkdf2_sha256$1000$salt$aGFzaA=='],
    ['pbkdf2 without a salt', `pbkdf2_sha256$1000$$${SHA256}`],
    ['bcrypt of 2^31 rounds', `bcrypt$$2b$31$${BCRYPT}`],
    ['bcrypt of 2^3 rounds', `bcrypt$$2b$03$${BCRYPT}`],
    ['bcrypt cut short', `bcrypt_sha256$$2b$12$${BCRYPT.slice(1)}`],
    ['scrypt of 2^30', `scrypt$1073741824$salt$8$1$${SCRYPT}`],
    ['scrypt of no power of two', `scrypt$16383$salt$8$1$${SCRYPT}`],
    ['scrypt of 9999 blocks', `scrypt$16384$salt$9999$1$${SCRYPT}`],
    ['scrypt 9999 times', `scrypt$16384$salt$8$9999$${SCRYPT}`],
    ['argon2 of 16 GiB', `argon2$argon2id$v=19$m=16777216,t=2,p=8$${ARGON2}`],
    ['argon2 of 99999 passes', `argon2$argon2id$v=19$m=102400,t=99999,p=8$${ARGON2}`],
    ['argon2 of too little memory', `argon2$argon2id$v=19$m=8,t=2,p=8$${ARGON2}`],
    ['argon2 of another version', `argon2$argon2id$v=16$m=102400,t=2,p=8$${ARGON2}`],
    ['md5 with a line break after it', 'md5$salt$5556741ee6b5e868c442def01ff6738e\n'],
  ])('%s', (_what, encoded) => {
    expect(parseHash(encoded)).toBeNull();
  });
});

describe('verification takes the right password and no other', () => {
  // From Python's hashlib with Django's formulas, at little cost, and from Django 3.2 what it writes without one; recorded hashes of full cost are in test/django.
  it.each([
    ['lètmein-1', 'pbkdf2_sha256$10$salt$8k16nWW80i/Pz+XJKjg5D0n9qc4DXcquNtdRXCwGkbo='],
    ['lètmein-1', 'pbkdf2_sha1$10$salt$obEq7pkIsp7Sv8mD9Bg4HUoPMYE='],
    ['lètmein-1', 'scrypt$16$salt$8$1$EhpNsv8XQEi8YKAHXk5ZvgFRpHHvYsqa2AOD8vOHfHy6d/Br7pjsnlYk6GzYqQNapmMVlFbbPr+GdeRgh2Qg0A=='],
    ['lètmein-1', 'md5$salt$d9ae06f031198700b24273f175d910d6'],
    ['lètmein-1', 'md5$seasalt$aae4802ca7707e45b1d020b4bd25ceb3'],
    ['lètmein-1', 'md5$$05e2c6b2432789bb6141c64d8ab7dd50'],
    ['lètmein-1', '05e2c6b2432789bb6141c64d8ab7dd50'],
    ['lètmein-1', 'sha1$seasalt$d993e8722da57ac24c4a020210b44958f5747810'],
    ['lètmein-1', 'sha1$$f6d258fc5e55be0181aceaa078d23f85878e9bc2'],
    ['lètmein-argon2', `argon2$argon2id$v=19$m=102400,t=2,p=8$${ARGON2}`],
  ])('%s, %s', (password, encoded) => {
    const hash = parseHash(encoded);
    if (!hash || hash.kind === 'bcrypt') throw new Error('not read');
    expect(matchesHash(password, hash)).toBe(true);
    expect(matchesHash(password.toUpperCase(), hash)).toBe(false);
  });
});

it('a server whose own bcrypt cost is higher than 16 reads its own hashes', () => {
  const encoded = `bcrypt_sha256$$2b$18$${BCRYPT}`;
  expect(parseHash(encoded)).toBeNull();
  expect(parseHash(encoded, 18)).not.toBeNull();
});
