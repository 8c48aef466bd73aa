import { blank, invalidUsername, type Problem, tooLong } from '../field-errors.ts';
import { lengthOf } from '../text.ts';

export const USERNAME_MAX_LENGTH = 150;

// Python's \w is letters, numbers and "_"; unlike JavaScript's \w it is Unicode-aware. From Django's UnicodeUsernameValidator.
const allowed = /^[\p{L}\p{N}_.@+-]+$/u;

/** The spelling that is stored and looked up: NFKC, as Django's `normalize_username`. */
export const normaliseUsername = (username: string): string => username.normalize('NFKC');

/** What two spellings of one name share. Upper case, because it also folds ß and ς; then NFKC again, case mapping can undo it. */
export const canonicalUsername = (username: string): string => username.toUpperCase().normalize('NFKC');

/** @param username already normalised. */
export function problemsOfUsername(username: string): Problem[] {
  if (username === '') return [blank];
  const length = lengthOf(username);
  return [
    ...(allowed.test(username) ? [] : [invalidUsername]),
    ...(length > USERNAME_MAX_LENGTH ? [tooLong(USERNAME_MAX_LENGTH, length)] : []),
  ];
}
