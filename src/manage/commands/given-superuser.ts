import type { UsernameAlphabet } from '../../config/accounts.ts';
import type { SuperuserSettings } from '../../config/commands.ts';
import type { NewSuperuser } from '../../features/staff/create-superuser.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { type PasswordRules, passwordProblems } from './password-rules.ts';
import { BLANK_PASSWORD, BLANK_USERNAME, problemWithEmail, problemWithUsername, superuserProfile } from './superuser-checks.ts';

type Rules = { readonly rules: PasswordRules; readonly usernames: UsernameAlphabet };

/**
 * The superuser that options and environment describe, for `--noinput`. Without a password the account cannot log in.
 * @throws OperatorError for what is missing, cannot be stored or, unlike in Django, is a weak password
 */
export function givenSuperuser({ username, email, password }: SuperuserSettings, { rules, usernames }: Rules): NewSuperuser {
  if (username === undefined) throw new OperatorError('You must use --username with --noinput, or set SUPERUSER_USERNAME.');
  if (username === '') throw new OperatorError(BLANK_USERNAME);
  if (email === undefined) throw new OperatorError('You must use --email with --noinput, or set SUPERUSER_EMAIL; empty means none.');
  refuse(problemWithUsername(username, usernames));
  refuse(problemWithEmail(email));
  const profile = superuserProfile(username, email);
  if (password === undefined) return { profile, password: null };
  if (password.trim() === '') throw new OperatorError(BLANK_PASSWORD);
  const details = passwordProblems(password, profile, rules);
  if (details.length > 0) throw new OperatorError(`Error: ${details.join('; ')}`, { code: 'PASSWORD_REFUSED', details });
  return { profile, password };
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new OperatorError(problem);
}
