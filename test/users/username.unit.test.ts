import { describe, expect, it } from 'vitest';
import { toNfkc } from '../../src/text.ts';
import { canonicalUsername, problemsOfUsername, USERNAME_MAX_LENGTH } from '../../src/users/username.ts';
import recorded from '../fixtures/django-rules.json' with { type: 'json' };

describe('the username rules agree with Django', () => {
  it.each(recorded.usernames)('$username', ({ username, stored, errors }) => {
    const normalised = toNfkc(username, USERNAME_MAX_LENGTH);
    expect(normalised).toBe(stored);
    expect(problemsOfUsername(normalised).map(({ code, message }) => ({ code: code.toLowerCase(), message }))).toEqual(errors);
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
