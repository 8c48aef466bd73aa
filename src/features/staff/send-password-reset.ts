import type { Mailer } from '../../graphql/mailer.ts';
import { isUnusable } from '../../services/passwords/stored-hash.ts';
import { clearFailures } from '../../services/throttling/attempts.ts';
import { enqueue } from '../mail/enqueue.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { attemptKey } from '../users/username.ts';
import { type Act, type ActRefusal, actOn, type Deps } from './act-on.ts';

type ResetOutcome = 'queued' | 'inactive' | 'no-address' | 'no-password';
export type SendResetOutcome = ResetOutcome | ActRefusal | 'mail-off';

/** Has the link of requestPasswordReset sent to somebody’s own mailbox: staff neither choose nor see a password. */
export async function sendPasswordReset({ mail, ...deps }: Deps & { readonly mail: Mailer | null }, id: string): Promise<SendResetOutcome> {
  if (!mail) return 'mail-off';
  const outcome = await actOn(deps, { id, by: 'staff', toOneself: true }, async ({ em, actor, target }) => {
    const obstacle = obstacleOf(target);
    if (obstacle) return obstacle;
    await enqueue(em, { user: target, kind: 'PASSWORD_RESET_BY_STAFF', recipient: target.email });
    await clearFailures(em, attemptKey(target.username));
    em.getRepository(SecurityEvent).record('PASSWORD_RESET_SENT', { user: target, client: deps.client, actor });
    return 'queued';
  });
  mail.nudge();
  return outcome;
}

/** What would keep the link from being sent. */
function obstacleOf({ isActive, email, passwordHash }: Act['target']): Exclude<ResetOutcome, 'queued'> | null {
  if (!isActive) return 'inactive';
  if (email === '') return 'no-address';
  return isUnusable(passwordHash) ? 'no-password' : null;
}
