import { mayFit, toLowerCase } from '../../shared/text.ts';

const MAX_SIMILARITY = 0.7;
const MUCH_LONGER = 10; // times

/** Characters of an email address; no other attribute is longer. */
const LONGEST_ATTRIBUTE = 254;
const LONGEST_PASSWORD = MUCH_LONGER * LONGEST_ATTRIBUTE;

/**
 * Whether a password resembles an attribute of its owner or one of that attribute's words.
 * From Django's UserAttributeSimilarityValidator. An attribute that is too long to be one is passed over: it is refused itself.
 */
export function isTooSimilar(password: string, attribute: string): boolean {
  if (attribute === '' || !mayFit(attribute, LONGEST_ATTRIBUTE) || !mayFit(password, LONGEST_PASSWORD)) return false;
  const guess = [...toLowerCase(password, LONGEST_PASSWORD)];
  const value = toLowerCase(attribute, LONGEST_ATTRIBUTE);
  const words = value.split(/[^\p{L}\p{N}_]+/u);
  return [...words, value].some((word) => resembles(guess, [...word]));
}

function resembles(password: readonly string[], word: readonly string[]): boolean {
  const isMuchLonger = password.length >= MUCH_LONGER * word.length && word.length < (MAX_SIMILARITY / 2) * password.length;
  return !isMuchLonger && quickRatio(password, word) >= MAX_SIMILARITY;
}

/** The share of characters two texts have in common, in any order: `SequenceMatcher.quick_ratio` of Python's difflib. */
function quickRatio(a: readonly string[], b: readonly string[]): number {
  const available = new Map<string, number>();
  for (const character of b) available.set(character, (available.get(character) ?? 0) + 1);
  let matches = 0;
  for (const character of a) {
    const left = available.get(character) ?? 0;
    if (left > 0) matches++;
    available.set(character, left - 1);
  }
  return (2 * matches) / (a.length + b.length);
}
