import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/mailer.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { addressBlock } from '../../shared/client.ts';
import { blank, onField, type Problem } from '../../shared/field-errors.ts';
import { problemsOfText } from '../../shared/text.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.entity.ts';
import { EMAIL_MAX_LENGTH } from '../users/email.ts';

type Deps = { readonly em: EntityManager; readonly throttle: Throttle; readonly client: Client; readonly mail: Mailer | null };

/** Notes that somebody at an address forgot their password. It does the same for every address: a worker looks up whose it is. */
export async function requestPasswordReset({ em, throttle, client, mail }: Deps, email: string): Promise<Outcome> {
  if (!mail) return 'mail-off';
  const problems = problemsOfLookup(email);
  if (problems.length > 0) return onField('email', problems);
  const of = addressBlock(client.ipAddress);
  const throttled = await throttle.count([
    { budget: 'resetPerAddress', of },
    { budget: 'mailsPerAddress', of },
  ]);
  if (throttled) return throttled;
  await em.getRepository(PasswordResetRequest).add(email.trim());
  mail.nudge();
  return [];
}

/** Accounts keep the addresses they came with, so whatever could be one is looked up. Its length is measured before it is trimmed. */
function problemsOfLookup(email: string): Problem[] {
  const problems = problemsOfText(email, EMAIL_MAX_LENGTH);
  return problems.length === 0 && email.trim() === '' ? [blank] : problems;
}
