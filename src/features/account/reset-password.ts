import type { EntityManager } from '@mikro-orm/sql';
import type { Deps } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import { rememberPlace } from '../../services/throttling/sign-in-places.ts';
import { addressBlock } from '../../shared/client.ts';
import type { Problem } from '../../shared/field-errors.ts';
import { blank, invalidLink, onField } from '../../shared/field-errors.ts';
import { problemsOfText, trim } from '../../shared/text.ts';
import { announce } from '../events/announce.ts';
import { Link } from '../links/link.ts';
import { PasswordResetRequest } from '../mail/password-reset-request.ts';
import { EMAIL_MAX_LENGTH } from '../users/email.ts';
import { User } from '../users/user.ts';
import { setPassword } from './set-password.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client' | 'mail'>;

/** Stores a request to reset the password of an address. It does the same for every address: a worker looks up the accounts. */
export async function requestPasswordReset({ em, throttle, client, mail }: Omit<Needs, 'passwords'>, email: string): Promise<Outcome> {
  if (!mail) return 'mail-off';
  const problems = problemsOfLookup(email);
  if (problems.length > 0) return onField('email', problems);
  const of = addressBlock(client.ipAddress);
  const throttled = await throttle.count([
    { budget: 'resetPerAddress', of },
    { budget: 'mailsPerAddress', of },
  ]);
  if (throttled) return throttled;
  await em.getRepository(PasswordResetRequest).add(trim(email, EMAIL_MAX_LENGTH));
  mail.nudge();
  return [];
}

/** Imported accounts keep their addresses, so any text that could be one is looked up. Its length is measured before it is trimmed. */
function problemsOfLookup(email: string): Problem[] {
  const problems = problemsOfText(email, EMAIL_MAX_LENGTH);
  return problems.length === 0 && trim(email, EMAIL_MAX_LENGTH) === '' ? [blank] : problems;
}

type Reset = { readonly token: string; readonly newPassword: string };

const dead = onField('token', [invalidLink]);

/** Sets a password with a link that was sent by mail; all tokens end. If the password is refused, the link still works. */
export function resetPassword(deps: Needs, reset: Reset): Promise<Outcome> {
  const attempt = { budget: 'linkPerAddress', of: addressBlock(deps.client.ipAddress) } as const;
  return deps.throttle.attempt([attempt], () => tryLink(deps, reset), { counts: (outcome) => outcome === dead });
}

async function tryLink({ em, passwords, client, mail }: Needs, { token, newPassword }: Reset): Promise<Outcome> {
  const link = await em.getRepository(Link).peek('password-reset', token);
  const user = link && (await em.getRepository(User).findOne(link.userId));
  if (!user) return dead;
  const problems = passwords.problemsOf(newPassword, user);
  if (problems.length > 0) return onField('newPassword', problems);
  const passwordHash = await passwords.hash(newPassword, askerOf(client, user.username)); // before the lock, for which others wait
  const isDone = await em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    await users.lock(user);
    if (!(await transaction.getRepository(Link).use('password-reset', token))) return false;
    if (link.email === user.email) await noteVerified(transaction, user); // the link came by mail
    await rememberPlace(transaction, user.id, addressBlock(client.ipAddress)); // the link proves as much as a login
    await setPassword({ em: transaction, client, mail }, { user, passwordHash, as: 'PASSWORD_RESET' });
    return true;
  });
  mail?.nudge();
  return isDone ? [] : dead;
}

async function noteVerified(em: EntityManager, user: User): Promise<void> {
  if (user.emailVerified || !(await em.getRepository(User).claimAddress(user.id, user.email))) return;
  user.emailVerified = true;
  await announce(em, 'user.email_verified', { user, actor: null });
}
