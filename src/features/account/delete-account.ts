import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import { onField, passwordIncorrect } from '../../shared/field-errors.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client'> & { readonly viewer: Viewer };

/** Deletes the viewer's account and, through the foreign keys, everything that belongs to it. */
export async function deleteAccount({ em, ...deps }: Needs, password: string): Promise<Outcome> {
  const incorrect = onField('password', [passwordIncorrect]);
  const user = await confirmPassword({ em, ...deps }, password);
  if (!user) return incorrect;
  if ('retryAfter' in user) return user;
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    if (await users.lockAsLastSuperuser(user.id)) return 'last-superuser';
    if (!(await users.lockUnchanged(user))) return incorrect;
    await users.nativeDelete(user.id);
    return [];
  });
}
