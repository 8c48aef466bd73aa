import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normaliseEmail, problemsOfEmail } from '../../src/features/users/email.ts';
import { normaliseName } from '../../src/features/users/profile.ts';
import { userIdOf } from '../../src/features/users/user.ts';
import { placeOf } from '../../src/features/users/user-order.ts';
import { attemptKey, canonicalUsername, normaliseUsername, problemsOfUsername, spellingsOf } from '../../src/features/users/username.ts';
import { idCursor } from '../../src/graphql/connection.ts';
import { isHashable, problemsOfPassword } from '../../src/services/passwords/policy.ts';
import { foldCase, hasForm, hasUnseen, mayFit, toLowerCase, toNfkc, trim } from '../../src/shared/text.ts';
import python from '../fixtures/python-text.json' with { type: 'json' };
import { textsWorkedOn } from '../support/app/texts-worked-on.ts';
import { COMBINING_MARKS } from '../support/client/combining-marks.ts';

const policy = { minLength: 8, hosts: ['example.com'] };
const owner = { username: COMBINING_MARKS, firstName: COMBINING_MARKS, lastName: COMBINING_MARKS, email: `${COMBINING_MARKS}@b.co` };

describe('a text too long to be valid', () => {
  it.each<[string, (text: string) => unknown]>([
    ['toNfkc', (text) => toNfkc(text, 150)],
    ['toLowerCase', (text) => toLowerCase(text, 150)],
    ['foldCase', (text) => foldCase(text, 150)],
    ['trim', (text) => trim(` ${text} `, 150)],
    ['hasForm', (text) => hasForm(text, /a/, 150)],
    ['normaliseUsername', normaliseUsername],
    ['canonicalUsername', canonicalUsername],
    ['problemsOfUsername', (text) => problemsOfUsername(text, 'unicode')],
    ['hasUnseen', (text) => hasUnseen(text, 150)],
    ['spellingsOf', spellingsOf],
    ['attemptKey', attemptKey],
    ['normaliseName', normaliseName],
    ['normaliseEmail', (text) => normaliseEmail(`${text}@EXAMPLE.com`)],
    ['problemsOfEmail', (text) => problemsOfEmail(`${text}@example.com`)],
    ['userIdOf', userIdOf],
    ['idCursor', (text) => expect(() => idCursor(text)).toThrow('must be a cursor')],
    ['placeOf', (text) => placeOf('ID_ASC', Buffer.from(`ID_ASC 1 ${text}`).toString('base64url'))],
    ['isHashable', isHashable],
    ['problemsOfPassword as the password', (text) => problemsOfPassword(text, { ...owner, username: 'ann' }, policy)],
    ['problemsOfPassword as the names of the owner', () => problemsOfPassword('tr0mbone-Quartz-11', owner, policy)],
  ])('is neither normalised nor changed in case nor matched by %s', async (_name, work) => {
    expect(
      await textsWorkedOn(
        (text) => text.length > 20_000,
        () => work(COMBINING_MARKS),
      ),
    ).toEqual([]);
  });

  it('is told by its length: more than 4 UTF-16 units for each character', () => {
    expect(mayFit('a'.repeat(600), 150)).toBe(true);
    expect(mayFit('a'.repeat(601), 150)).toBe(false);
  });

  it('is under a name of its own in the counts of failed logins, which does not hold it', () => {
    expect(attemptKey(COMBINING_MARKS)).toMatch(/^[0-9a-f]{64}$/);
    expect(attemptKey(COMBINING_MARKS)).not.toBe(attemptKey(`${COMBINING_MARKS}a`));
  });
});

describe('a text that may be valid', () => {
  it.each([
    ['of 150 characters with three marks each', 'ᾂ'.repeat(150).normalize('NFD'), 'ᾂ'.repeat(150)],
    ['of 150 emoji', '😀'.repeat(150), '😀'.repeat(150)],
    ['of 150 syllables in conjoining jamo', '각'.repeat(150).normalize('NFD'), '각'.repeat(150)],
  ])('%s is normalised', (_what, typed, normalised) => {
    expect(toNfkc(typed, 150)).toBe(normalised);
  });
});

/** Where texts of clients are worked on, but for a header, whose length Node bounds. */
const ofClients = /^(features|services)\//;

describe('the length is asked for first, in text.ts:', () => {
  const files = globSync('**/*.ts', { cwd: 'src' });
  const uses = (file: string, methods: RegExp) => readFileSync(join('src', file), 'utf8').match(methods);

  it('no other file normalises a text', () => {
    expect(files.filter((file) => uses(file, /\.normalize\(/))).toEqual(['shared/text.ts']);
  });

  it('no other file trims a text of a client, or changes its case', () => {
    const methods = /[\w)\]?]\.(to(Locale)?(Lower|Upper)Case|trim(Start|End)?)\(/;
    expect(files.filter((file) => ofClients.test(file) && uses(file, methods))).toEqual([]);
  });
});

function* characters(ranges: readonly (readonly number[])[]): Generator<string> {
  for (const [first = 0, last = -1] of ranges) for (let code = first; code <= last; code++) yield String.fromCodePoint(code);
}

describe('as in Python,', () => {
  it('two characters are one in another case when their str.casefold() is one, and only then', () => {
    const casefold = new Map(Object.entries(python.casefold));
    const [keyOf, foldOf] = [new Map<string, string>(), new Map<string, string>()];
    for (const character of characters(python.assigned)) {
      const folded = casefold.get(character) ?? character;
      const key = foldCase(character, 1);
      expect(keyOf.get(folded) ?? key, character).toBe(key);
      expect(foldOf.get(key) ?? folded, character).toBe(folded);
      keyOf.set(folded, key);
      foldOf.set(key, folded);
    }
  });

  it('trim takes what str.strip() takes, and nothing else', () => {
    const stripped = [...characters(python.assigned)].filter((character) => trim(character, 1) === '');
    expect(stripped).toEqual([...characters(python.isspace)]);
    expect(trim('\u3000 a b\u2029\x1f', 150)).toBe('a b');
    expect(trim('\ufeffa\u200b', 150)).toBe('\ufeffa\u200b');
  });
});
