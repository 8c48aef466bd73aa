import { describe, expect, it } from 'vitest';
import { canonicalUsername, normaliseUsername, problemsOfUsername, USERNAME_MAX_LENGTH } from '../../../src/features/users/username.ts';
import { toNfkc } from '../../../src/shared/text.ts';
import recorded from '../../fixtures/django-rules.json' with { type: 'json' };

describe('the username rules agree with Django', () => {
  it.each(recorded.usernames)('$username', ({ username, stored, errors }) => {
    const normalised = toNfkc(username, USERNAME_MAX_LENGTH);
    expect(normalised).toBe(stored);
    expect(problemsOfUsername(normalised, 'unicode').map(({ code, message }) => ({ code: code.toLowerCase(), message }))).toEqual(errors);
  });
});

describe('two spellings of one name', () => {
  const same = [
    ['JohnDoe', 'johndoe'],
    ['straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ÉMILE', 'émile'],
    ['STRAẞE', 'straße'],
    ['ᏣᎳᎩ', 'ꮳꮃꭹ'],
    ['ﬀ', 'FF'],
    ['ａｎｎ', 'ANN'],
  ];
  it.each(same)('%s and %s', (one, other) => {
    expect(canonicalUsername(one)).toBe(canonicalUsername(other));
  });

  it.each([
    ['ann', 'anna'],
    ['ışık', 'işik'],
  ])('two names stay two names: %s and %s', (one, other) => {
    expect(canonicalUsername(one)).not.toBe(canonicalUsername(other));
  });

  it('the key of a name is what versions before stored, but for ı and ẞ', () => {
    for (const name of ['Ann', 'straße', 'ΟΔΟΣ', 'émile', 'İstanbul', 'ꮳꮃꭹ']) {
      expect(canonicalUsername(name)).toBe(name.toUpperCase().normalize('NFKC'));
    }
  });
});

describe('a new name', () => {
  const codes = (username: string, alphabet: 'unicode' | 'ascii') =>
    problemsOfUsername(normaliseUsername(username), alphabet).map(({ code }) => code);

  it.each([
    '\u3164',
    '\u115f',
    '\u1160',
    '\uffa0',
    '\u17b4',
    '\u2800',
    '\u{13441}',
    '\u{13442}',
    '\u200b',
    '\u200d',
    '\u00ad',
    '\u202e',
    '\ufeff',
    '\ufe0f',
    '\u{e0061}',
    '\u{1d159}',
    '\ue000',
    '\u034f',
  ])('has no character that nobody can see: %j', (unseen) => {
    expect(codes(unseen, 'unicode')).toEqual(['INVALID']);
    expect(codes(`ann${unseen}lee`, 'unicode')).toEqual(['INVALID']);
  });

  it.each(['ann', 'Ann_Lee-1@example.com+x', 'ａｎｎ'])('of A to Z, digits and signs is fine in either alphabet: %s', (username) => {
    expect([...codes(username, 'unicode'), ...codes(username, 'ascii')]).toEqual([]);
  });

  it.each(['josé', 'анна', 'x٣', '한글', 'ɑnn', 'ann\n.'])('of other letters is refused under USERNAMES=ascii: %s', (username) => {
    expect(problemsOfUsername(normaliseUsername(username), 'ascii')).toEqual([
      {
        code: 'INVALID',
        message:
          'Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, numbers, and @/./+/-/_ characters.',
      },
    ]);
  });
});
