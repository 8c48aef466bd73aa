import { describe, expect, it } from 'vitest';
import { canonicalUsername, normaliseUsername, problemsOfUsername } from '../../src/users/username.ts';
import recorded from '../fixtures/django-rules.json' with { type: 'json' };

describe('the username rules agree with Django', () => {
  it.each(recorded.usernames)('$username', ({ username, stored, errors }) => {
    const normalised = normaliseUsername(username);
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
  ];
  it.each(same)('%s and %s', (one, other) => {
    expect(canonicalUsername(one)).toBe(canonicalUsername(other));
  });

  it('two names stay two names', () => {
    expect(canonicalUsername('ann')).not.toBe(canonicalUsername('anna'));
  });
});
