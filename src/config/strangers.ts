import { distance } from 'fastest-levenshtein';

/** A variable that looks like a setting and is none, and the setting that it looks like. */
export type Stranger = { readonly name: string; readonly nearest: string };

/** How many letters may be wrong: of a short name, many a word that somebody else uses is near. */
const tolerance = (name: string): number => (name.length < 8 ? 1 : Math.max(2, Math.floor(name.length / 5)));

/** Finds misspelled settings. @param given names of variables @param known those that mean something here */
export function findStrangers(given: readonly string[], known: readonly string[]): Stranger[] {
  return given.flatMap((name) => {
    if (known.includes(name)) return [];
    const nearest = nearestOf(name.toUpperCase(), known);
    return nearest === null ? [] : [{ name, nearest }];
  });
}

function nearestOf(name: string, known: readonly string[]): string | null {
  const near = known.map((setting) => ({ setting, far: distance(name, setting) })).filter(({ far }) => far <= tolerance(name));
  return near.sort((a, b) => a.far - b.far)[0]?.setting ?? null;
}

/** For the log, `check` and a refused start. */
export const describeStranger = ({ name, nearest }: Stranger): string => `${name} is no setting of this server. Did you mean ${nearest}?`;
