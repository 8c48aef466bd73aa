import {
  blank,
  invalidText,
  nullCharacters,
  type Problem,
  passwordEntirelyNumeric,
  passwordTooCommon,
  passwordTooShort,
  passwordTooSimilar,
  tooLong,
} from '../field-errors.ts';
import { lengthOf, mayFit } from '../text.ts';
import { isCommon } from './common-passwords.ts';
import { isTooSimilar } from './similarity.ts';

/** Characters. Longer ones are refused before any work is put into them. */
export const PASSWORD_MAX_LENGTH = 4096;

/** What of its owner a password must not resemble. */
export type PasswordOwner = { username: string; firstName: string; lastName: string; email: string };

/** Whether a password may reach the hash at all: a bounded text with an unambiguous UTF-8 form. */
export const isHashable = (password: string): boolean =>
  password !== '' &&
  mayFit(password, PASSWORD_MAX_LENGTH) &&
  lengthOf(password) <= PASSWORD_MAX_LENGTH &&
  password.isWellFormed() &&
  !password.includes('\0');

/**
 * Everything that speaks against a password: Django's four validators, in Django's order.
 * @param minLength characters, PASSWORD_MIN_LENGTH
 */
export function problemsOfPassword(password: string, owner: PasswordOwner, minLength: number): Problem[] {
  if (password === '') return [blank];
  const length = lengthOf(password);
  if (length > PASSWORD_MAX_LENGTH) return [tooLong(PASSWORD_MAX_LENGTH, length)];
  if (password.includes('\0')) return [nullCharacters];
  if (!password.isWellFormed()) return [invalidText];
  const attribute = similarAttribute(password, owner);
  return [
    ...(attribute ? [passwordTooSimilar(attribute)] : []),
    ...(length < minLength ? [passwordTooShort(minLength)] : []),
    ...(isCommon(password) ? [passwordTooCommon] : []),
    ...(/^\p{Nd}+$/u.test(password) ? [passwordEntirelyNumeric] : []),
  ];
}

/** The first attribute a password is too similar to, by Django's name for it. */
function similarAttribute(password: string, { username, firstName, lastName, email }: PasswordOwner): string | undefined {
  const attributes = { username, 'first name': firstName, 'last name': lastName, 'email address': email };
  return Object.entries(attributes).find(([, value]) => isTooSimilar(password, value))?.[0];
}
