import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemsOfPassword } from '../../../src/services/passwords/policy.ts';
import recorded from '../../fixtures/django-rules.json' with { type: 'json' };
import python from '../../fixtures/python-text.json' with { type: 'json' };

const policy = { minLength: 8, hosts: ['accounts.example.co.uk', 'localhost'] };
const codesOf = (problems: { code: string }[]) => problems.map(({ code }) => code.toLowerCase());

describe('the password rules agree with Django', () => {
  it.each(recorded.passwords)('$password of $username', ({ password, username, first_name, last_name, email, errors }) => {
    const problems = problemsOfPassword(password, { username, firstName: first_name, lastName: last_name, email }, policy);
    // The list of common passwords is larger than Django's: it may refuse more, never fewer.
    const extra = errors.some(({ code }) => code === 'password_too_common') ? [] : ['password_too_common'];
    expect(
      problems.map(({ message, code }) => ({ code: code.toLowerCase(), message })).filter(({ code }) => !extra.includes(code)),
    ).toEqual(errors);
  });
});

const owner = { username: 'ann', firstName: '', lastName: '', email: '' };
const codesFor = (password: string) => codesOf(problemsOfPassword(password, owner, policy));

describe('a common password', () => {
  const djangos = readFileSync('src/services/passwords/lists/django-common-passwords.txt', 'utf8').split('\n');

  it('is any of Django’s 19,727', () => {
    expect(djangos).toHaveLength(19_727);
    expect(djangos.filter((password) => !codesFor(password).includes('password_too_common'))).toEqual([]);
  });

  it.each([
    'password12345',
    'iloveyou09',
    'admin1234',
    'ADMIN1234',
    ' Admin1234\u3000',
    'ａｄｍｉｎ１２３４',
    'paßword',
    'pa\u017f\u017fword',
  ])('is %j', (password) => {
    expect(codesFor(password)).toContain('password_too_common');
  });

  it.each([
    'graphql-token-auth',
    'GraphQLTokenAuth1!',
    'accounts.example.co.uk',
    'Example2026!',
    '2026-accounts',
    'ＥＸＡＭＰＬＥ.co.uk',
    'localhost:4000',
  ])('is a name of the site: %s', (password) => {
    expect(codesFor(password)).toContain('password_too_common');
  });

  it.each(['examples-Quartz', 'tr0mbone-Quartz-11', '8$3%1&7/4(5)6'])('is not %s', (password) => {
    expect(codesFor(password)).toEqual([]);
  });
});

describe('digits', () => {
  it('are those of Python’s str.isdigit(), and no other characters', () => {
    for (const [first = 0, last = -1] of python.isdigit) {
      for (let code = first; code <= last; code++) {
        expect(codesFor(String.fromCodePoint(code).repeat(9)), code.toString(16)).toContain('password_entirely_numeric');
      }
    }
    for (const other of ['½', '௰', 'Ⅷ', '一', '㉈', '⑩', 'a', '.']) {
      expect(codesFor(other.repeat(9)), other).not.toContain('password_entirely_numeric');
    }
  });
});

describe('beyond Django', () => {
  const cases = [
    { what: 'an empty password', password: '', codes: ['blank'] },
    { what: 'one of 4,097 characters', password: 'é'.repeat(4097), codes: ['max_length'] },
    { what: 'one of 4,096 characters', password: 'Xy9-'.repeat(1024), codes: [] },
    { what: 'one of 4,096 emoji, 16 kB', password: '😀'.repeat(4096), codes: [] },
    { what: 'a NUL', password: 'swordfish\0seven', codes: ['null_characters_not_allowed'] },
    { what: 'a lone surrogate', password: 'swordfish\ud800seven', codes: ['invalid'] },
  ];

  it.each(cases)('$what: $codes', ({ password, codes }) => {
    expect(codesOf(problemsOfPassword(password, owner, policy))).toEqual(codes);
  });

  it('the least length is configurable, and its sentence is Django’s', () => {
    expect(problemsOfPassword('quartz-9', owner, { ...policy, minLength: 12 })).toEqual([
      { code: 'PASSWORD_TOO_SHORT', message: 'This password is too short. It must contain at least 12 characters.' },
    ]);
  });
});
