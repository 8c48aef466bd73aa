import { z } from 'zod';
import { secondsOf, wholeNumber } from './values.ts';
import { documentation } from './variable.ts';

/** The characters of new usernames: those of Django's UnicodeUsernameValidator or of its ASCIIUsernameValidator. */
export type UsernameAlphabet = 'unicode' | 'ascii';

/** The rules for a password, besides that it must be uncommon and unlike its owner's data. */
export type PasswordPolicy = {
  /** Characters; PASSWORD_MIN_LENGTH. */
  readonly minLength: number;
  /** The sites that this server serves: attackers guess their names first. */
  readonly hosts: readonly string[];
};

/** In seconds. Bounded, or a request would wait longer than its client does. */
const hashWait = z
  .string()
  .regex(/^[1-9]\d?s$/, 'must be from 1s to 99s')
  .transform(secondsOf);

const hashQueue = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 9999')
  .transform(Number);

/** The variables about usernames and passwords. */
export const accountVariables = {
  REGISTRATION: z.enum(['open', 'closed'], 'must be open or closed').prefault('open').register(documentation, {
    what: '`open` or `closed`: whether people may register.',
    more: 'If closed, `register` answers `403 FORBIDDEN`.',
  }),
  USERNAMES: z.enum(['unicode', 'ascii'], 'must be unicode or ascii').prefault('unicode').register(documentation, {
    what: '`unicode` or `ascii`: which characters new usernames may have.',
    more: '`ascii` allows the letters A to Z, digits and `@.+-_`, as Django’s `ASCIIUsernameValidator` does. Existing usernames keep working.',
  }),
  BCRYPT_COST: wholeNumber(4, 31).prefault('12').register(documentation, {
    what: 'The binary logarithm of bcrypt’s rounds, from 4 to 31; at least 10 in production.',
  }),
  PASSWORD_MIN_LENGTH: wholeNumber(1, 4096).prefault('8').register(documentation, {
    what: 'How many characters a password must have.',
  }),
  HASH_QUEUE: hashQueue.prefault('50').register(documentation, {
    what: 'How many passwords may wait for a free core to hash them, over all workers.',
    more: 'Addresses (IPv6: /64) take turns, and so do the accounts tried from one address. When the queue is full, the newest request of the address that has the most in it is answered `503`.',
  }),
  HASH_WAIT: hashWait.prefault('10s').register(documentation, {
    what: 'How long a password may wait there, from `1s` to `99s`; then its request is answered `503`.',
  }),
};
