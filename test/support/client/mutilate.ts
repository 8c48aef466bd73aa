/** Chooses the next integer from 0 to below a limit. */
export type Pick = (limit: number) => number;

/** Choices that look random and are the same in every run (mulberry32). */
export function seeded(seed: number): Pick {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const junk = [
  '\0',
  '\ud800',
  '"',
  '\\',
  '{',
  '}',
  '[',
  '\r\n',
  '\u202e',
  '%00',
  '__proto__',
  '-1',
  '1e400',
  '9'.repeat(40),
  'é',
  '😀',
  '#',
  '...',
  '@skip',
];

/** A text with one to three wounds: something is cut off, taken out, doubled, put in or changed. */
export function mutilate(text: string, pick: Pick): string {
  let wounded = text;
  for (let n = pick(3); n >= 0; n--) wounded = wound(wounded, pick);
  return wounded;
}

function wound(text: string, pick: Pick): string {
  const at = pick(text.length + 1);
  const end = Math.min(text.length, at + 1 + pick(20));
  const [before, middle, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  const something = junk[pick(junk.length)] ?? '';
  const kinds = [before, before + after, before + middle + middle + after, before + something + middle + after, before + something + after];
  return kinds[pick(kinds.length)] ?? '';
}

const strangers: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  '\0',
  '\ud800',
  'x'.repeat(300),
  [],
  [[]],
  {},
  { toString: 1 },
  '2027-13-45T99:00:00Z',
];

/** A JSON value in which one part is of another type, gone, or under another name. */
export function exchange(value: unknown, pick: Pick): unknown {
  if (typeof value !== 'object' || value === null || pick(4) === 0) return strangers[pick(strangers.length)];
  const entries = Object.entries(value);
  const chosen = pick(entries.length);
  const changed = entries.map(([name, inner], n): [string, unknown] => (n === chosen ? [name, exchange(inner, pick)] : [name, inner]));
  if (pick(6) === 0) changed.splice(chosen, 1);
  if (pick(6) === 0) changed.push([junk[pick(junk.length)] ?? '', 1]);
  return Object.fromEntries(changed);
}
