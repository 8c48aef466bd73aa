import { foldCase, mayFit, toNfkc } from '../../shared/text.ts';

const PRODUCT = 'graphql-token-auth';
const MIN_LETTERS = 4; // or most labels like "app" and "com" would be names
const LONGEST = 254; // characters; a host is no longer

/**
 * Whether the letters of a password are the name of this product or of a host, or the part of a host between two dots: digits and signs
 * around such a name are guessed right after it.
 * @param hosts like `app.example.com`
 */
export function isNameOfSite(password: string, hosts: readonly string[]): boolean {
  if (!mayFit(password, LONGEST)) return false;
  const letters = lettersOf(password);
  return letters.length >= MIN_LETTERS && [PRODUCT, ...hosts.flatMap(namesIn)].some((name) => lettersOf(name) === letters);
}

const lettersOf = (text: string): string => foldCase(toNfkc(text, LONGEST), LONGEST).replace(/\P{L}+/gu, '');

/** All runs of labels: of a.b.c these are a, a.b, a.b.c, b, b.c and c. */
function namesIn(host: string): string[] {
  const labels = host.split('.');
  return labels.flatMap((_, start) => labels.slice(start).map((_label, length) => labels.slice(start, start + length + 1).join('.')));
}
