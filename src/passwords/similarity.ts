const MAX_SIMILARITY = 0.7;

/**
 * Whether a password resembles an attribute of its owner or one of that attribute's words.
 * From Django's UserAttributeSimilarityValidator.
 */
export function isTooSimilar(password: string, attribute: string): boolean {
  if (attribute === '') return false;
  const guess = [...password.toLowerCase()];
  const value = attribute.toLowerCase();
  const words = value.split(/[^\p{L}\p{N}_]+/u);
  return [...words, value].some((word) => resembles(guess, [...word]));
}

function resembles(password: readonly string[], word: readonly string[]): boolean {
  const isMuchLonger = password.length >= 10 * word.length && word.length < (MAX_SIMILARITY / 2) * password.length;
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
