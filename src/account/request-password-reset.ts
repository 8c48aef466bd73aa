import type { EntityManager } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import { blank, onField } from '../field-errors.ts';
import type { Mailer } from '../mail/mailer.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.entity.ts';
import type { Outcome } from '../outcome.ts';
import { addressBlock } from '../throttling/address-block.ts';
import type { Throttle } from '../throttling/throttle.ts';
import { problemsOfEmail } from '../users/email.ts';

type Deps = { readonly em: EntityManager; readonly throttle: Throttle; readonly client: Client; readonly mail: Mailer | null };

/** Notes that somebody at an address forgot their password. It does the same for every address: a worker looks up whose it is. */
export async function requestPasswordReset({ em, throttle, client, mail }: Deps, email: string): Promise<Outcome> {
  if (!mail) return 'mail-off';
  const problems = email === '' ? [blank] : problemsOfEmail(email);
  if (problems.length > 0) return onField('email', problems);
  const throttled = await throttle.count([{ budget: 'resetPerAddress', of: addressBlock(client.ipAddress) }]);
  if (throttled) return throttled;
  await em.getRepository(PasswordResetRequest).add(email);
  mail.nudge();
  return [];
}
