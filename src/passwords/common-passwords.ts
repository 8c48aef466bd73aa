import { dictionary } from '@zxcvbn-ts/language-common';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

// The list leaves out one character repeated, which zxcvbn recognises by itself; Django's list has them.
const oneCharacterRepeated = /^([a-z0-9])\1*$/;

/** Whether a password is among the 49,000 most common, whatever its case and surrounding blanks. */
export function isCommon(password: string): boolean {
  const guess = password.toLowerCase().trim();
  return common.has(guess) || oneCharacterRepeated.test(guess);
}
