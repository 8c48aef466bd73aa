import type { PasswordPolicy } from '../../config/accounts.ts';
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
} from '../../shared/field-errors.ts';
import { lengthOf, mayFit } from '../../shared/text.ts';
import { isCommon } from './common-passwords.ts';
import { isTooSimilar } from './similarity.ts';
import { isNameOfSite } from './site-names.ts';

/** Characters. Longer ones are refused before any work is put into them. */
export const PASSWORD_MAX_LENGTH = 4096;

/** What of its owner a password must not resemble. */
export type PasswordOwner = { username: string; firstName: string; lastName: string; email: string };

// What Python's str.isdigit() takes: Unicode's decimal digits, and those that are raised, lowered, circled and the like.
const digitsOnly =
  /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u;

/** Whether a password may reach the hash at all: a bounded text with an unambiguous UTF-8 form. */
export const isHashable = (password: string): boolean =>
  password !== '' &&
  mayFit(password, PASSWORD_MAX_LENGTH) &&
  lengthOf(password) <= PASSWORD_MAX_LENGTH &&
  password.isWellFormed() &&
  !password.includes('\0');

/** Everything that speaks against a password: Django's four validators, in Django's order. */
export function problemsOfPassword(password: string, owner: PasswordOwner, { minLength, hosts }: PasswordPolicy): Problem[] {
  if (password === '') return [blank];
  const length = lengthOf(password);
  if (length > PASSWORD_MAX_LENGTH) return [tooLong(PASSWORD_MAX_LENGTH, length)];
  if (password.includes('\0')) return [nullCharacters];
  if (!password.isWellFormed()) return [invalidText];
  const attribute = similarAttribute(password, owner);
  return [
    ...(attribute ? [passwordTooSimilar(attribute)] : []),
    ...(length < minLength ? [passwordTooShort(minLength)] : []),
    ...(isCommon(password) || isNameOfSite(password, hosts) ? [passwordTooCommon] : []),
    ...(digitsOnly.test(password) ? [passwordEntirelyNumeric] : []),
  ];
}

/** The first attribute a password is too similar to, by Django's name for it. */
function similarAttribute(password: string, { username, firstName, lastName, email }: PasswordOwner): string | undefined {
  const attributes = { username, 'first name': firstName, 'last name': lastName, 'email address': email };
  return Object.entries(attributes).find(([, value]) => isTooSimilar(password, value))?.[0];
}
