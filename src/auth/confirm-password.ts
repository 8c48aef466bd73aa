import type { EntityManager } from '@mikro-orm/sql';
import type { Passwords } from '../passwords/passwords.ts';
import { isHashable } from '../passwords/policy.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Passwords; readonly viewer: Viewer };

/** The viewer's account when they know its password, else null: a stolen token alone must not take an account over. */
export async function confirmPassword({ em, passwords, viewer }: Deps, password: string): Promise<User | null> {
  if (!isHashable(password)) return null;
  const user = await em.getRepository(User).findById(viewer.userId);
  return (await passwords.verify(password, user.passwordHash)) ? user : null;
}
