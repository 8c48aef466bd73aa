import isEmail from 'validator/lib/isEmail.js';
import { invalidEmail, type Problem, tooLong } from '../field-errors.ts';
import { isStorable, lengthOf } from '../text.ts';

export const EMAIL_MAX_LENGTH = 254;

/** Lower-cases the domain only, as Django's `normalize_email`: the part before the @ may be case-sensitive. */
export function normaliseEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return email.slice(0, at + 1) + email.slice(at + 1).toLowerCase();
}

/** An empty address is fine: people may register without one. */
export function problemsOfEmail(email: string): Problem[] {
  if (email === '') return [];
  const length = lengthOf(email);
  if (length > EMAIL_MAX_LENGTH) return [tooLong(EMAIL_MAX_LENGTH, length)];
  return isStorable(email) && isEmail.default(email) ? [] : [invalidEmail];
}
