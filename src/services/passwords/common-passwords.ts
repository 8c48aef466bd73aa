import { readFileSync } from 'node:fs';
import { dictionary } from '@zxcvbn-ts/language-common';
import { foldCase, mayFit, toLowerCase, toNfkc, trim } from '../../shared/text.ts';

const djangos = readFileSync(new URL('./lists/django-common-passwords.txt', import.meta.url), 'utf8').split('\n');

/** In lower case and ASCII. Read at the start, which costs some milliseconds there and none at the first registration. */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common'].concat(djangos));

/** Characters that a common password has at most, with blanks around it. */
const LONGEST = 150;

// The list of zxcvbn leaves out one character repeated, which zxcvbn recognises by itself.
const oneCharacterRepeated = /^([a-z0-9])\1*$/;

/** Whether a password is among the 56,000 most common, in any case and form of Unicode, with blanks around it or without. */
export function isCommon(password: string): boolean {
  if (!mayFit(password, LONGEST)) return false;
  const guess = trim(toLowerCase(foldCase(toNfkc(password, LONGEST), LONGEST), LONGEST), LONGEST);
  return common.has(guess) || oneCharacterRepeated.test(guess);
}
