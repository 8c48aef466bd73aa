import type { EntityManager } from '@mikro-orm/sql';
import { confirmPassword } from '../auth/confirm-password.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Passwords; readonly viewer: Viewer };

/** Deletes the viewer's account and, by the foreign keys, all that is tied to it. False when the password is not theirs. */
export async function deleteAccount({ em, ...deps }: Deps, password: string): Promise<boolean> {
  const user = await confirmPassword({ em, ...deps }, password);
  if (!user) return false;
  return em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return false;
    await transaction.getRepository(User).nativeDelete(user.id);
    return true;
  });
}
