import { hash } from 'node:crypto';
import { blank, invalidUsername, type Problem, tooLong } from '../field-errors.ts';
import { foldCase, isStorable, lengthOf, mayFit, toNfkc, trim } from '../text.ts';

export const USERNAME_MAX_LENGTH = 150;

// Python's \w is letters, numbers and "_"; unlike JavaScript's \w it is Unicode-aware. From Django's UnicodeUsernameValidator.
const allowed = /^[\p{L}\p{N}_.@+-]+$/u;

/** The spelling that is stored: in NFKC and without blanks around it, as Django's forms have it. */
export const normaliseUsername = (typed: string): string => trim(toNfkc(typed, USERNAME_MAX_LENGTH), USERNAME_MAX_LENGTH);

/**
 * How an account may spell a name that was typed, the likeliest first: to the letter, as imported names can be of any form;
 * without blanks around it; as it is stored here. None for a name that nobody can have.
 */
export const spellingsOf = (typed: string): readonly string[] =>
  mayFit(typed, USERNAME_MAX_LENGTH) && isStorable(typed) ? [typed, trim(typed, USERNAME_MAX_LENGTH), normaliseUsername(typed)] : [];

/** What all typed names share that lead to one account; logins are counted under it. A name that is too long goes by its digest. */
export const attemptKey = (typed: string): string =>
  mayFit(typed, USERNAME_MAX_LENGTH) ? normaliseUsername(typed) : hash('sha256', typed);

/** What all spellings of one name share. A name that is too long for NFKC is nobody's to register, and keeps its own. */
export function canonicalUsername(username: string): string {
  const name = toNfkc(username, USERNAME_MAX_LENGTH);
  if (lengthOf(name) > USERNAME_MAX_LENGTH) return username;
  return toNfkc(foldCase(name, USERNAME_MAX_LENGTH), USERNAME_MAX_LENGTH); // again: a change of case can undo it
}

/** @param username already normalised. */
export function problemsOfUsername(username: string): Problem[] {
  if (username === '') return [blank];
  const length = lengthOf(username);
  const tooMany = length > USERNAME_MAX_LENGTH ? [tooLong(USERNAME_MAX_LENGTH, length)] : [];
  if (!mayFit(username, USERNAME_MAX_LENGTH)) return tooMany;
  return [...(allowed.test(username) ? [] : [invalidUsername]), ...tooMany];
}
