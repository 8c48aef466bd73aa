import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import { addressBlock } from '../../shared/client.ts';
import { blank, emailUnchanged, onField, type Problem, passwordIncorrect } from '../../shared/field-errors.ts';
import { Link } from '../links/link.ts';
import { Mail } from '../mail/mail.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { normaliseEmail, problemsOfEmail } from '../users/email.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client' | 'mail'> & { readonly viewer: Viewer };
type Wish = { readonly password: string; readonly newEmail: string };

/** Mails a link to the new address. The account changes when the link is opened, and not before. */
export async function changeEmail({ em, mail, ...deps }: Needs, { password, newEmail }: Wish): Promise<Outcome> {
  if (!mail) return 'mail-off';
  const incorrect = onField('password', [passwordIncorrect]);
  const email = normaliseEmail(newEmail);
  const { email: current } = await em.getRepository(User).findById(deps.viewer.userId);
  const user = await confirmPassword({ em, ...deps }, password);
  if (user && 'retryAfter' in user) return user;
  const problems = onField('newEmail', problemsOfNewEmail(email, current));
  if (!user || problems.length > 0) return [...(user ? [] : incorrect), ...problems];
  const throttled = await deps.throttle.count([{ budget: 'mailsPerAddress', of: addressBlock(deps.client.ipAddress) }]);
  if (throttled) return throttled;
  const isDone = await em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return false;
    await transaction.getRepository(Link).endAll(user.id, 'email-change');
    await transaction.getRepository(Mail).enqueue({ user, kind: 'EMAIL_CHANGE', recipient: email });
    return true;
  });
  mail.nudge();
  return isDone ? [] : incorrect;
}

function problemsOfNewEmail(email: string, current: string): Problem[] {
  if (email === '') return [blank];
  return email === current ? [emailUnchanged] : problemsOfEmail(email);
}
