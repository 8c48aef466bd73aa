import { hash } from 'node:crypto';
import type { UsernameAlphabet } from '../../config/accounts.ts';
import { blank, invalidAsciiUsername, invalidUsername, type Problem, tooLong } from '../../shared/field-errors.ts';
import { foldCase, hasUnseen, isStorable, lengthOf, mayFit, toNfkc, trim } from '../../shared/text.ts';
import { addressKey, addressTyped } from './email.ts';

export const USERNAME_MAX_LENGTH = 150;

// Python's \w is letters, numbers and "_"; JavaScript's is the one that Python has with re.ASCII.
const alphabets: Record<UsernameAlphabet, { readonly form: RegExp; readonly problem: Problem }> = {
  unicode: { form: /^[\p{L}\p{N}_.@+-]+$/u, problem: invalidUsername },
  ascii: { form: /^[\w.@+-]+$/, problem: invalidAsciiUsername },
};

/** The spelling that is stored: in NFKC and without blanks around it, as Django's forms have it. */
export const normaliseUsername = (typed: string): string => trim(toNfkc(typed, USERNAME_MAX_LENGTH), USERNAME_MAX_LENGTH);

/**
 * How an account may spell a name that was typed, the likeliest first: to the letter, as imported names can be of any form;
 * without blanks around it; as it is stored here. None for a name that no account can have.
 */
export const spellingsOf = (typed: string): readonly string[] =>
  mayFit(typed, USERNAME_MAX_LENGTH) && isStorable(typed) ? [typed, trim(typed, USERNAME_MAX_LENGTH), normaliseUsername(typed)] : [];

/** The key under which logins are counted: the same for all spellings that lead to one account. A name that is too long goes by its digest. */
export function attemptKey(typed: string): string {
  const address = addressTyped(typed);
  if (address !== null) return addressKey(address);
  return mayFit(typed, USERNAME_MAX_LENGTH) ? normaliseUsername(typed) : hash('sha256', typed);
}

/** What all spellings of one name share. A name that is too long for NFKC cannot be registered and stays as it is. */
export function canonicalUsername(username: string): string {
  const name = normaliseUsername(username);
  if (lengthOf(name) > USERNAME_MAX_LENGTH) return username;
  return toNfkc(foldCase(name, USERNAME_MAX_LENGTH), USERNAME_MAX_LENGTH); // again: a change of case can undo it
}

/** Why a name cannot be registered. Names that exist already may break these rules. @param username already normalised. */
export function problemsOfUsername(username: string, alphabet: UsernameAlphabet): Problem[] {
  if (username === '') return [blank];
  const length = lengthOf(username);
  const tooMany = length > USERNAME_MAX_LENGTH ? [tooLong(USERNAME_MAX_LENGTH, length)] : [];
  if (!mayFit(username, USERNAME_MAX_LENGTH)) return tooMany;
  const { form, problem } = alphabets[alphabet];
  const isGood = form.test(username) && !hasUnseen(username, USERNAME_MAX_LENGTH);
  return [...(isGood ? [] : [problem]), ...tooMany];
}
