import type { Deps, Viewer } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import { onField, passwordIncorrect } from '../../shared/field-errors.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { User } from '../users/user.ts';
import { setPassword } from './set-password.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client' | 'mail'> & { readonly viewer: Viewer };
type Passage = { readonly currentPassword: string; readonly newPassword: string };

/** Changes the viewer's password and revokes all other tokens of the account. Returns what is wrong; empty if it was done. */
export async function changePassword({ em, client, mail, ...deps }: Needs, { currentPassword, newPassword }: Passage): Promise<Outcome> {
  const { passwords, viewer } = deps;
  const incorrect = onField('currentPassword', [passwordIncorrect]);
  const owner = await em.getRepository(User).findById(viewer.userId);
  const user = await confirmPassword({ em, client, ...deps }, currentPassword);
  if (user && 'retryAfter' in user) return user;
  const problems = onField('newPassword', passwords.problemsOf(newPassword, owner));
  if (!user || problems.length > 0) return [...(user ? [] : incorrect), ...problems];
  const passwordHash = await passwords.hash(newPassword, askerOf(client, user.username));
  const isDone = await em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return false;
    await setPassword({ em: transaction, client, mail }, { user, passwordHash, keep: viewer.tokenId, as: 'PASSWORD_CHANGED' });
    return true;
  });
  mail?.nudge();
  return isDone ? [] : incorrect;
}
