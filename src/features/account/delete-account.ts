import type { EntityManager } from '@mikro-orm/sql';
import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Outcome } from '../../services/throttling/outcome.ts';
import type { Client } from '../../shared/client.ts';
import { onField, passwordIncorrect } from '../../shared/field-errors.ts';
import { announce } from '../events/announce.ts';
import { type Actor, SecurityEvent } from '../security-events/security-event.ts';
import { confirmPassword } from '../users/confirm-password.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'client'> & { readonly viewer: Viewer };

/** Deletes the viewer's account. */
export async function deleteAccount({ em, ...deps }: Needs, password: string): Promise<Outcome> {
  const incorrect = onField('password', [passwordIncorrect]);
  const user = await confirmPassword({ em, ...deps }, password);
  if (!user) return incorrect;
  if ('retryAfter' in user) return user;
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    if (await users.lockAsLastSuperuser(user.id)) return 'last-superuser';
    if (!(await users.lockUnchanged(user))) return incorrect;
    await endAccount(transaction, { user, client: deps.client });
    return [];
  });
}

type Ending = { readonly user: User; readonly client: Client; readonly actor?: Actor };

/** Deletes an account and, through the foreign keys, everything that belongs to it. Its name stays on record, with when and from where. */
export async function endAccount(em: EntityManager, { user, client, actor }: Ending): Promise<void> {
  const { username } = user;
  await announce(em, 'user.deleted', { user, actor: actor ?? null });
  await em.getRepository(SecurityEvent).record('ACCOUNT_DELETED', { user: null, client, actor, username });
  await em.getRepository(User).nativeDelete(user.id);
}
