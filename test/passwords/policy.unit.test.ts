import { describe, expect, it } from 'vitest';
import { problemsOfPassword } from '../../src/passwords/policy.ts';
import recorded from '../fixtures/django-rules.json' with { type: 'json' };

const codesOf = (problems: { code: string }[]) => problems.map(({ code }) => code.toLowerCase());

describe('the password rules agree with Django', () => {
  it.each(recorded.passwords)('$password of $username', ({ password, username, first_name, last_name, email, errors }) => {
    const problems = problemsOfPassword(password, { username, firstName: first_name, lastName: last_name, email }, 8);
    // The list of common passwords is larger than Django's: it may refuse more, never fewer.
    const extra = errors.some(({ code }) => code === 'password_too_common') ? [] : ['password_too_common'];
    expect(
      problems.map(({ message, code }) => ({ code: code.toLowerCase(), message })).filter(({ code }) => !extra.includes(code)),
    ).toEqual(errors);
  });
});

describe('beyond Django', () => {
  const owner = { username: 'ann', firstName: '', lastName: '', email: '' };
  const cases = [
    { what: 'an empty password', password: '', codes: ['blank'] },
    { what: 'one of 4,097 characters', password: 'é'.repeat(4097), codes: ['max_length'] },
    { what: 'one of 4,096 characters', password: 'Xy9-'.repeat(1024), codes: [] },
    { what: 'one of 4,096 emoji, 16 kB', password: '😀'.repeat(4096), codes: [] },
    { what: 'a NUL', password: 'swordfish\0seven', codes: ['null_characters_not_allowed'] },
    { what: 'a lone surrogate', password: 'swordfish\ud800seven', codes: ['invalid'] },
  ];

  it.each(cases)('$what: $codes', ({ password, codes }) => {
    expect(codesOf(problemsOfPassword(password, owner, 8))).toEqual(codes);
  });

  it('the least length is configurable, and its sentence is Django’s', () => {
    expect(problemsOfPassword('quartz-9', owner, 12)).toEqual([
      { code: 'PASSWORD_TOO_SHORT', message: 'This password is too short. It must contain at least 12 characters.' },
    ]);
  });
});
