import { dictionary } from '@zxcvbn-ts/language-common';
import { mayFit, toLowerCase, trim } from '../text.ts';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

// The list leaves out one character repeated, which zxcvbn recognises by itself; Django's list has them.
const oneCharacterRepeated = /^([a-z0-9])\1*$/;

/** Characters that a common password has at most. */
const LONGEST = 150;

/** Whether a password is among the 49,000 most common, whatever its case and surrounding blanks. */
export function isCommon(password: string): boolean {
  if (!mayFit(password, LONGEST)) return false;
  const guess = trim(toLowerCase(password, LONGEST), LONGEST);
  return common.has(guess) || oneCharacterRepeated.test(guess);
}
