import type { EntityManager } from '@mikro-orm/sql';
import { confirmPassword } from '../auth/confirm-password.ts';
import type { Client } from '../client.ts';
import { blank, emailUnchanged, onField, type Problem, passwordIncorrect } from '../field-errors.ts';
import { Link } from '../links/link.entity.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Outcome } from '../outcome.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { Throttle } from '../throttling/throttle.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { normaliseEmail, problemsOfEmail } from '../users/email.ts';
import { User } from '../users/user.entity.ts';

type Deps = {
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly viewer: Viewer;
  readonly client: Client;
  readonly mail: Mailer | null;
};
type Wish = { readonly password: string; readonly newEmail: string };

/** Has a link sent to another address. The account changes when that is opened; until then all stays as it is. */
export async function changeEmail({ em, mail, ...deps }: Deps, { password, newEmail }: Wish): Promise<Outcome> {
  if (!mail) return 'mail-off';
  const incorrect = onField('password', [passwordIncorrect]);
  const email = normaliseEmail(newEmail);
  const { email: current } = await em.getRepository(User).findById(deps.viewer.userId);
  const user = await confirmPassword({ em, ...deps }, password);
  if (user && 'retryAfter' in user) return user;
  const problems = onField('newEmail', problemsOfNewEmail(email, current));
  if (!user || problems.length > 0) return [...(user ? [] : incorrect), ...problems];
  const isDone = await em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return false;
    await transaction.getRepository(Link).endAll(user.id, 'email-change');
    await mail.enqueue(transaction, { user, kind: 'EMAIL_CHANGE', recipient: email });
    return true;
  });
  mail.nudge();
  return isDone ? [] : incorrect;
}

function problemsOfNewEmail(email: string, current: string): Problem[] {
  if (email === '') return [blank];
  return email === current ? [emailUnchanged] : problemsOfEmail(email);
}
