import { invalidText, nullCharacters, type Problem, tooLong } from './field-errors.ts';

/** How many characters a text has, counted in code points as Django does. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}

/** Whether PostgreSQL can store a text: no NUL, no lone surrogates (they would all become U+FFFD, and so equal). */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** What keeps a free text from being stored. @param limit in characters. */
export function problemsOfText(text: string, limit: number): Problem[] {
  const problems: Problem[] = [];
  const length = lengthOf(text);
  if (text.includes('\0')) problems.push(nullCharacters);
  if (!text.isWellFormed()) problems.push(invalidText);
  if (length > limit) problems.push(tooLong(limit, length));
  return problems;
}
