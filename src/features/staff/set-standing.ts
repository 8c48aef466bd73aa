import type { Mailer } from '../../graphql/context.ts';
import { clearFailures } from '../../services/throttling/attempts.ts';
import { enqueue } from '../mail/enqueue.ts';
import type { MailKind } from '../mail/mail-kind.ts';
import type { User } from '../users/user.entity.ts';
import { attemptKey } from '../users/username.ts';
import { type ActRefusal, actOn, type Deps } from './act-on.ts';

/** What an account may do. */
type Standing = { readonly isActive: boolean } | { readonly isStaff: boolean } | { readonly isSuperuser: boolean };

/**
 * Changes what another user's account may do, from their next request on, and tells its owner by mail. A trigger notes it; no change
 * leaves no note.
 */
export async function setStanding({ mail, ...deps }: Deps & { readonly mail: Mailer | null }, id: string, standing: Standing) {
  const by = 'isActive' in standing ? 'staff' : 'superuser';
  const outcome = await actOn(deps, { id, by }, async ({ em, target }): Promise<User | ActRefusal> => {
    const kind = noticeOf(target, standing);
    if ('isActive' in standing && standing.isActive) await clearFailures(em, attemptKey(target.username)); // open means that its owner can log in
    if (kind && mail) await enqueue(em, { user: target, kind, recipient: target.email });
    return Object.assign(target, standing);
  });
  mail?.nudge();
  return outcome;
}

/** What the owner is told: nothing when nothing changes, nor when staff rights are taken away. */
function noticeOf({ isActive, isStaff, isSuperuser }: User, standing: Standing): MailKind | null {
  if ('isActive' in standing && standing.isActive !== isActive) return isActive ? 'ACCOUNT_DEACTIVATED' : 'ACCOUNT_ACTIVATED';
  if ('isStaff' in standing && standing.isStaff && !isStaff) return 'STAFF_GRANTED';
  return 'isSuperuser' in standing && standing.isSuperuser && !isSuperuser ? 'SUPERUSER_GRANTED' : null;
}
