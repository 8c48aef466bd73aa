import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/mailer.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import type { Passwords } from '../../services/passwords/passwords.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import { rememberPlace } from '../../services/throttling/sign-in-places.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { addressBlock } from '../../shared/client.ts';
import { invalidLink, onField } from '../../shared/field-errors.ts';
import { Link } from '../links/link.entity.ts';
import { User } from '../users/user.entity.ts';
import { setPassword } from './set-password.ts';

type Deps = {
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly client: Client;
  readonly mail: Mailer | null;
};
type Reset = { readonly token: string; readonly newPassword: string };

const dead = onField('token', [invalidLink]);

/** Sets a password by a link that was sent by mail; all tokens end. A password that will not do leaves the link as it is. */
export function resetPassword(deps: Deps, reset: Reset): Promise<Outcome> {
  const attempt = { budget: 'linkPerAddress', of: addressBlock(deps.client.ipAddress) } as const;
  return deps.throttle.attempt([attempt], () => tryLink(deps, reset), { counts: (outcome) => outcome === dead });
}

async function tryLink({ em, passwords, client, mail }: Deps, { token, newPassword }: Reset): Promise<Outcome> {
  const link = await em.getRepository(Link).peek('password-reset', token);
  const user = link && (await em.getRepository(User).findOne(link.userId));
  if (!user) return dead;
  const problems = passwords.problemsOf(newPassword, user);
  if (problems.length > 0) return onField('newPassword', problems);
  const passwordHash = await passwords.hash(newPassword, askerOf(client, user.username)); // before the lock, which others wait for
  const isDone = await em.transactional(async (transaction) => {
    await transaction.getRepository(User).lock(user);
    if (!(await transaction.getRepository(Link).use('password-reset', token))) return false;
    if (link.email === user.email) user.emailVerified = true; // the link came by mail
    await rememberPlace(transaction, user.id, addressBlock(client.ipAddress)); // the link proves as much as a login
    await setPassword({ em: transaction, client, mail }, { user, passwordHash, as: 'PASSWORD_RESET' });
    return true;
  });
  mail?.nudge();
  return isDone ? [] : dead;
}
