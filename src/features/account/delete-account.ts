import type { EntityManager } from '@mikro-orm/sql';
import type { Viewer } from '../../graphql/context.ts';
import type { Passwords } from '../../services/passwords/passwords.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { onField, passwordIncorrect } from '../../shared/field-errors.ts';
import { announce } from '../events/announce.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { User } from '../users/user.ts';

type Deps = {
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly viewer: Viewer;
  readonly client: Client;
};

/** Deletes the viewer's account and, through the foreign keys, everything that belongs to it. */
export async function deleteAccount({ em, ...deps }: Deps, password: string): Promise<Outcome> {
  const incorrect = onField('password', [passwordIncorrect]);
  const user = await confirmPassword({ em, ...deps }, password);
  if (!user) return incorrect;
  if ('retryAfter' in user) return user;
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    if (await users.lockAsLastSuperuser(user.id)) return 'last-superuser';
    if (!(await users.lockUnchanged(user))) return incorrect;
    await announce(transaction, 'user.deleted', { user, actor: null });
    await users.nativeDelete(user.id);
    return [];
  });
}
