import type { EntityManager } from '@mikro-orm/sql';
import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { forbidden } from '../../shared/errors.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { User, userIdOf } from '../users/user.ts';

export type ActDeps = Pick<Deps, 'em' | 'client' | 'throttle'> & { readonly viewer: Viewer };

type Options = {
  /** The id of the user to act on, as the client wrote it. */
  readonly id: string;
  /** Who may do it: staff, including superusers, or superusers alone. */
  readonly by: 'staff' | 'superuser';
  /** Whether they may also do it to themselves. */
  readonly toOneself?: boolean;
};

/** Why staff may not act on a user, or not now: one stolen token must not close a thousand accounts. */
export type ActRefusal = 'user-not-found' | 'oneself' | 'superuser' | Throttled;

/** What `work` gets: its transaction, and both users as they are now, with their rows locked. */
export type Act = { readonly em: EntityManager; readonly actor: User; readonly target: User };

/**
 * Lets a member of staff act on a user. The rights of both are read again under the lock, so that of two superusers who demote each
 * other at once one is refused: a superuser always remains.
 * @throws FORBIDDEN if the actor has lost the right meanwhile
 */
export async function actOn<Result>(
  { em, viewer, client, throttle }: ActDeps,
  { id, by, toOneself = false }: Options,
  work: (act: Act) => Promise<Result>,
): Promise<Result | ActRefusal> {
  const throttled = await throttle.count([{ budget: 'staffActs', of: String(viewer.userId) }]);
  if (throttled) return throttled;
  return em.transactional(async (transaction): Promise<Result | ActRefusal> => {
    const users = await transaction.getRepository(User).lockAll([viewer.userId, userIdOf(id)]);
    const actor = users.find((user) => user.id === viewer.userId);
    const target = users.find((user) => user.id === userIdOf(id));
    if (!actor || !may(actor, by)) throw forbidden();
    if (!target) return 'user-not-found';
    if (target === actor && !toOneself) return 'oneself';
    if (target.isSuperuser && !actor.isSuperuser) return 'superuser';
    await transaction.getRepository(SecurityEvent).attribute({ actor, client });
    return work({ em: transaction, actor, target });
  });
}

/** Locks the row of a member of staff who acts on no user. @throws FORBIDDEN if they have lost the right meanwhile */
export async function lockActor(em: EntityManager, viewer: Viewer, by: Options['by']): Promise<User> {
  const [actor] = await em.getRepository(User).lockAll([viewer.userId]);
  if (!actor || !may(actor, by)) throw forbidden();
  return actor;
}

const may = ({ isActive, isStaff, isSuperuser }: User, by: Options['by']): boolean =>
  isActive && (isSuperuser || (by === 'staff' && isStaff));
