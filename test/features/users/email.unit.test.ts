import { describe, expect, it } from 'vitest';
import { normaliseEmail, problemsOfEmail } from '../../../src/features/users/email.ts';

describe('email addresses', () => {
  const accepted = ['', 'a@example.com', "o'hara+tag@mail.example.co.uk", 'müller@bücher.example', `${'a'.repeat(64)}@example.com`];
  it.each(accepted)('%s is accepted', (email) => expect(problemsOfEmail(email)).toEqual([]));

  const refused = [
    'a',
    'a@',
    '@example.com',
    'a@b@example.com',
    'a b@example.com',
    'a@example',
    'a@example.com\n',
    'a@exa\0mple.com',
    '\ud800@example.com',
    '"@example.com',
    '"a b"@example.com',
    '"a"@example.com',
    'a"b@example.com',
    'a\u200b@example.com',
    'a\u00ad@example.com',
    'a\u202eb@example.com',
    'a\u2028b@example.com',
    'a\u3000b@example.com',
    'a\u00a0@example.com',
    'a\u3164@example.com',
    'a\u115f@example.com',
    'a\u034f@example.com',
    'a\ufe0f@example.com',
    'a\u2800@example.com',
    'a\u0085@example.com',
    'a\ue000@example.com',
    'a@ex\u200bample.com',
    'a@ex\u{e0061}ample.com',
    'a@ex\u{1d159}ample.com',
  ];
  it.each(refused)('%j is refused', (email) =>
    expect(problemsOfEmail(email)).toEqual([{ code: 'INVALID', message: 'Enter a valid email address.' }]),
  );

  it('an address of more than 254 characters is too long', () => {
    expect(problemsOfEmail(`${'a'.repeat(250)}@b.co`)).toEqual([
      { code: 'MAX_LENGTH', message: 'Ensure this value has at most 254 characters (it has 255).' },
    ]);
  });

  it('only the domain is lower-cased', () => expect(normaliseEmail('James@EXAMPLE.com')).toBe('James@example.com'));
  it('blanks around an address are removed', () => expect(normaliseEmail(' ann@EXAMPLE.com\u3000\n')).toBe('ann@example.com'));
  it('an empty address stays empty', () => expect(normaliseEmail('')).toBe(''));
});
