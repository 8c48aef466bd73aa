import type { Passwords } from './passwords.ts';

/** Measures how long work takes. */
type Time = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The same, with every hash measured from when it is asked for. */
export const timedPasswords = (passwords: Passwords, time: Time): Passwords => ({
  ...passwords,
  hash: (password) => time(() => passwords.hash(password)),
  verify: (password, encoded) => time(() => passwords.verify(password, encoded)),
});
