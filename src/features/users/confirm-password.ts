import type { Deps, Viewer } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import { isHashable } from '../../services/passwords/policy.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { User } from './user.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client'> & { readonly viewer: Viewer };

/**
 * The viewer's account if the password is right, else null: a stolen token alone must not take an account over.
 * Failures count apart from logins, so that strangers cannot lock a user out of a running session. Successes count too, so that one
 * user cannot keep all cores hashing with a right password.
 */
export function confirmPassword(deps: Needs, password: string): Promise<User | Throttled | null> {
  const { throttle, viewer } = deps;
  const of = String(viewer.userId);
  const attempts = [
    { budget: 'passwordPerUser', of },
    { budget: 'confirmedPerUser', of, counts: 'success' },
  ] as const;
  return throttle.attempt(attempts, () => findVerified(deps, password));
}

async function findVerified({ em, passwords, viewer, client }: Needs, password: string): Promise<User | null> {
  if (!isHashable(password)) return null;
  const user = await em.getRepository(User).findById(viewer.userId);
  return (await passwords.verify(password, user.passwordHash, askerOf(client, user.username))) ? user : null;
}
