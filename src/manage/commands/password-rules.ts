import type { PasswordPolicy } from '../../config/accounts.ts';
import type { Config } from '../../config/config.ts';
import { isHashable, type PasswordOwner, problemsOfPassword } from '../../services/passwords/policy.ts';
import { OperatorError } from '../../shared/operator-error.ts';

/** For every command that sets a password. */
export const weakPasswordOption = ['--allow-weak-password', 'take a password that the rules refuse; not in production'] as const;

/** What a password that a command sets has to satisfy. */
export type PasswordRules = {
  readonly policy: PasswordPolicy;
  /** Whether anything will do that can be hashed. */
  readonly mayBeWeak: boolean;
  /** Whether a person may insist on a weak one. */
  readonly mayInsist: boolean;
};

/** @param mayBeWeak --allow-weak-password @throws OperatorError when that is said in production */
export function passwordRules({ production, passwordPolicy: policy }: Config, mayBeWeak = false): PasswordRules {
  if (mayBeWeak && production) throw new OperatorError('NODE_ENV=production refuses --allow-weak-password. Choose a better password.');
  return { policy, mayBeWeak, mayInsist: !production };
}

/** Everything that speaks against a password, in sentences. */
export function passwordProblems(password: string, owner: PasswordOwner, { policy, mayBeWeak }: PasswordRules): string[] {
  if (mayBeWeak && isHashable(password)) return [];
  return problemsOfPassword(password, owner, policy).map(({ message }) => message);
}

/** Sees that a password that a script gives will do. @throws OperatorError with everything that speaks against it */
export function checkPassword(password: string, owner: PasswordOwner, rules: PasswordRules): string {
  const details = passwordProblems(password, owner, rules);
  if (details.length > 0) throw new OperatorError(details.join('\n'), { code: 'PASSWORD_REFUSED', details });
  return password;
}
