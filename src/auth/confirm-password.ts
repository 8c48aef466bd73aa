import type { EntityManager } from '@mikro-orm/sql';
import type { Throttled } from '../outcome.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { isHashable } from '../passwords/policy.ts';
import type { Throttle } from '../throttling/throttle.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Passwords; readonly throttle: Throttle; readonly viewer: Viewer };

/**
 * The viewer's account when they know its password, else null: a stolen token alone must not take an account over.
 * Counted apart from logins, so that nobody can lock a person out of a running session.
 */
export function confirmPassword({ em, passwords, throttle, viewer }: Deps, password: string): Promise<User | Throttled | null> {
  return throttle.attempt([{ budget: 'passwordPerUser', of: String(viewer.userId) }], async () => {
    if (!isHashable(password)) return null;
    const user = await em.getRepository(User).findById(viewer.userId);
    return (await passwords.verify(password, user.passwordHash)) ? user : null;
  });
}
