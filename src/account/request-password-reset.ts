import type { EntityManager } from '@mikro-orm/sql';
import { blank, type FieldError, onField } from '../field-errors.ts';
import type { Mailer } from '../mail/mailer.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.entity.ts';
import { problemsOfEmail } from '../users/email.ts';

type Deps = { readonly em: EntityManager; readonly mail: Mailer | null };

/** Notes that somebody at an address forgot their password. It does the same for every address: a worker looks up whose it is. */
export async function requestPasswordReset({ em, mail }: Deps, email: string): Promise<FieldError[] | 'mail-off'> {
  if (!mail) return 'mail-off';
  const problems = email === '' ? [blank] : problemsOfEmail(email);
  if (problems.length > 0) return onField('email', problems);
  await em.getRepository(PasswordResetRequest).add(email);
  mail.nudge();
  return [];
}
