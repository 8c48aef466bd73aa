import { describe, expect, it } from 'vitest';
import { normaliseEmail, problemsOfEmail } from '../../src/users/email.ts';

describe('email addresses', () => {
  const accepted = ['', 'a@example.com', "o'hara+tag@mail.example.co.uk", 'müller@bücher.example', `${'a'.repeat(64)}@example.com`];
  it.each(accepted)('%s is fine', (email) => expect(problemsOfEmail(email)).toEqual([]));

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
  ];
  it.each(refused)('%j is not', (email) =>
    expect(problemsOfEmail(email)).toEqual([{ code: 'INVALID', message: 'Enter a valid email address.' }]),
  );

  it('more than 254 characters are too many', () => {
    expect(problemsOfEmail(`${'a'.repeat(250)}@b.co`)).toEqual([
      { code: 'MAX_LENGTH', message: 'Ensure this value has at most 254 characters (it has 255).' },
    ]);
  });

  it('only the domain is lower-cased', () => expect(normaliseEmail('James@EXAMPLE.com')).toBe('James@example.com'));
  it('nothing stays nothing', () => expect(normaliseEmail('')).toBe(''));
});
