import isEmail from 'validator/lib/isEmail.js';
import { invalidEmail, type Problem, tooLong } from '../../shared/field-errors.ts';
import { foldCase, hasUnseen, isStorable, lengthOf, mayFit, toLowerCase, toNfkc, trim } from '../../shared/text.ts';

export const EMAIL_MAX_LENGTH = 254;

/**
 * The spelling that is stored: without blanks around it, and with its domain in lower case, as Django's forms and `normalize_email`
 * have it; the part before the @ may be case-sensitive. One that cannot be valid stays as it came.
 */
export function normaliseEmail(typed: string): string {
  if (!mayFit(typed, EMAIL_MAX_LENGTH)) return typed;
  const email = trim(typed, EMAIL_MAX_LENGTH);
  const at = email.lastIndexOf('@') + 1;
  return email.slice(0, at) + toLowerCase(email.slice(at), EMAIL_MAX_LENGTH);
}

/** The address that was typed as the name of an account; null for what no account can have. */
export const addressTyped = (typed: string): string | null =>
  mayFit(typed, EMAIL_MAX_LENGTH) && isStorable(typed) && typed.includes('@') ? normaliseEmail(typed) : null;

/** What all spellings of an address share, and those of a username that looks like it; no other username has it. */
export const addressKey = (email: string): string =>
  `mailto:${foldCase(toNfkc(normaliseEmail(email), EMAIL_MAX_LENGTH), EMAIL_MAX_LENGTH)}`;

/**
 * An empty address is fine: people may register without one. Quoted local parts are refused: they may hold blanks, line breaks and @, which
 * mail servers and logs read in different ways.
 */
export function problemsOfEmail(email: string): Problem[] {
  if (email === '') return [];
  const length = lengthOf(email);
  if (length > EMAIL_MAX_LENGTH) return [tooLong(EMAIL_MAX_LENGTH, length)];
  if (!isStorable(email) || email.includes('"') || hasUnseen(email, EMAIL_MAX_LENGTH)) return [invalidEmail];
  return isEmail.default(email) ? [] : [invalidEmail];
}
