import type { UsernameAlphabet } from '../../config/accounts.ts';
import { normaliseEmail, problemsOfEmail } from '../../features/users/email.ts';
import { normaliseProfile, type Profile } from '../../features/users/profile.ts';
import { normaliseUsername, problemsOfUsername } from '../../features/users/username.ts';
import type { Problem } from '../../shared/field-errors.ts';

// The sentences of this and the neighbouring files are those of Django's createsuperuser, so that people and scripts know them.
export const BLANK_USERNAME = 'Username cannot be blank.';
export const USERNAME_TAKEN = 'Error: That username is already taken.';
export const BLANK_PASSWORD = "Error: Blank passwords aren't allowed.";

/** What speaks against the form of a username, or null. */
export const problemWithUsername = (username: string, alphabet: UsernameAlphabet): string | null =>
  describe(problemsOfUsername(normaliseUsername(username), alphabet));

/** What speaks against an email address, or null; none at all is fine. */
export const problemWithEmail = (email: string): string | null => describe(problemsOfEmail(normaliseEmail(email)));

/** Several problems with one answer as one sentence; null when there are none. */
function describe(problems: readonly Problem[]): string | null {
  return problems.length === 0 ? null : `Error: ${problems.map(({ message }) => message).join('; ')}`;
}

/** The profile of a superuser, who is not asked for names. */
export const superuserProfile = (username: string, email: string): Profile =>
  normaliseProfile({ username, email, firstName: '', lastName: '' });
