import type { NewSuperuser } from '../auth/create-superuser.ts';
import type { SuperuserSettings } from '../config/command-settings.ts';
import { OperatorError } from '../operator-error.ts';
import { isHashable, problemsOfPassword } from '../passwords/policy.ts';
import type { UsernameAlphabet } from '../users/username.ts';
import { BLANK_PASSWORD, BLANK_USERNAME, describe, problemWithEmail, problemWithUsername, superuserProfile } from './superuser-checks.ts';

/**
 * The superuser that options and environment describe, for `--noinput`. As in Django, the password need not be a good one:
 * it comes from a deployment, not from a person. Without one the account cannot log in.
 * @throws OperatorError for what is missing or cannot be stored
 */
export function givenSuperuser({ username, email, password }: SuperuserSettings, usernames: UsernameAlphabet): NewSuperuser {
  if (username === undefined) throw new OperatorError('You must use --username with --noinput, or set SUPERUSER_USERNAME.');
  if (username === '') throw new OperatorError(BLANK_USERNAME);
  if (email === undefined) throw new OperatorError('You must use --email with --noinput, or set SUPERUSER_EMAIL; empty means none.');
  refuse(problemWithUsername(username, usernames));
  refuse(problemWithEmail(email));
  const profile = superuserProfile(username, email);
  if (password === undefined) return { profile, password: null };
  if (password.trim() === '') throw new OperatorError(BLANK_PASSWORD);
  if (!isHashable(password)) refuse(describe(problemsOfPassword(password, profile, { minLength: 1, hosts: [] })));
  return { profile, password };
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new OperatorError(problem);
}
