import { invalidText, nullCharacters, type Problem, tooLong } from './field-errors.ts';

/** UTF-16 units: NFKC makes one character of up to four. */
const UNITS = 4;

/**
 * Whether a text as it came can be valid, told by its length alone. All functions here that take a `limit` ask this first and leave
 * a longer text as it is: putting combining marks in order takes time that grows with the square of their number.
 * @param limit characters that a valid text has at most
 */
export const mayFit = (raw: string, limit: number): boolean => raw.length <= UNITS * limit;

/** In Unicode's form NFKC. @param limit as for `mayFit` */
export const toNfkc = (raw: string, limit: number): string => (mayFit(raw, limit) ? raw.normalize('NFKC') : raw);

/** In lower case, for texts of which only ASCII is compared. @param limit as for `mayFit` */
export const toLowerCase = (raw: string, limit: number): string => (mayFit(raw, limit) ? raw.toLowerCase() : raw);

/**
 * What a text has in common with itself in any other case: two texts share it exactly when they share Python's `str.casefold()`,
 * so ẞ, ß and ss are one, ı and i are two. It is in upper case, as keys are that were stored before.
 * @param limit as for `mayFit`
 */
export const foldCase = (raw: string, limit: number): string =>
  mayFit(raw, limit) ? raw.replace(/[^ı]+/gu, (part) => part.toLowerCase().toUpperCase()) : raw; // ẞ needs the way through ß

/** Python's `str.isspace()`, which differs from `\s` in six characters. */
const blanks = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/** Without blanks around it, as Python's `str.strip()`, and so as Django's forms take a text. @param limit as for `mayFit` */
export function trim(raw: string, limit: number): string {
  if (!mayFit(raw, limit)) return raw;
  let [start, end] = [0, raw.length];
  while (start < end && blanks.has(raw.charAt(start))) start++;
  while (end > start && blanks.has(raw.charAt(end - 1))) end--;
  return raw.slice(start, end);
}

/** Whether a text has a form; a longer one has not. @param limit as for `mayFit` */
export const hasForm = (raw: string, form: RegExp, limit: number): boolean => mayFit(raw, limit) && form.test(raw);

// Letters among them: the fillers of Hangul are in \p{L}, and so are Egyptian blanks. U+2800 and U+1D159 are symbols without a stroke.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}]/u;

/** Whether a text has characters that are invisible, or that change how others are seen. @param limit as for `mayFit` */
export const hasUnseen = (raw: string, limit: number): boolean => hasForm(raw, unseen, limit);

/** How many characters a text has, counted in code points as Django does. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}

/** Whether PostgreSQL can store a text: no NUL, no lone surrogates (they would all become U+FFFD, and so equal). */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Whether PostgreSQL reads a time as JavaScript writes it: from the year 1 to 9999. */
export const isStorableTime = (time: Date): boolean => /^(?!0000)\d{4}-/.test(time.toISOString());

/** What keeps a free text from being stored. @param limit in characters. */
export function problemsOfText(text: string, limit: number): Problem[] {
  const problems: Problem[] = [];
  const length = lengthOf(text);
  if (text.includes('\0')) problems.push(nullCharacters);
  if (!text.isWellFormed()) problems.push(invalidText);
  if (length > limit) problems.push(tooLong(limit, length));
  return problems;
}
