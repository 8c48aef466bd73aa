import type { UsernameAlphabet } from '../../config/accounts.ts';
import { type FieldError, onField } from '../../shared/field-errors.ts';
import { problemsOfText, trim } from '../../shared/text.ts';
import { normaliseEmail, problemsOfEmail } from './email.ts';
import { normaliseUsername, problemsOfUsername } from './username.ts';

/** Characters of a first or last name, as in Django's `auth_user`. */
export const NAME_MAX_LENGTH = 150;

/** What users say about themselves. */
export type Profile = { username: string; email: string; firstName: string; lastName: string };

/** The spelling of a first or last name that is stored: without blanks around it, as Django's forms have it. */
export const normaliseName = (typed: string): string => trim(typed, NAME_MAX_LENGTH);

/** The spelling that is stored. */
export const normaliseProfile = ({ username, email, firstName, lastName }: Profile): Profile => ({
  username: normaliseUsername(username),
  email: normaliseEmail(email),
  firstName: normaliseName(firstName),
  lastName: normaliseName(lastName),
});

/** @param profile already normalised. */
export const problemsOfProfile = ({ username, email, firstName, lastName }: Profile, alphabet: UsernameAlphabet): FieldError[] => [
  ...onField('username', problemsOfUsername(username, alphabet)),
  ...onField('email', problemsOfEmail(email)),
  ...onField('firstName', problemsOfText(firstName, NAME_MAX_LENGTH)),
  ...onField('lastName', problemsOfText(lastName, NAME_MAX_LENGTH)),
];
