import type { EntityManager } from '@mikro-orm/sql';
import type { Viewer } from '../../graphql/context.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { forbidden } from '../../shared/errors.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { User } from '../users/user.entity.ts';
import { userIdOf } from '../users/user.repository.ts';

export type Deps = { readonly em: EntityManager; readonly viewer: Viewer; readonly client: Client; readonly throttle: Throttle };

type Options = {
  /** Whom to act on, as the client says it. */
  readonly id: string;
  /** Who may: staff, superusers included, or superusers alone. */
  readonly by: 'staff' | 'superuser';
  /** Whether also to themselves. */
  readonly toOneself?: boolean;
};

/** Why staff may not do something to somebody, or not now: one stolen token must not close a thousand accounts. */
export type ActRefusal = 'user-not-found' | 'oneself' | 'superuser' | Throttled;

/** What `work` gets: its transaction, and both people as they are now; their rows are locked. */
export type Act = { readonly em: EntityManager; readonly actor: User; readonly target: User };

/**
 * Lets a member of staff do something to somebody. What they may is looked up again under the lock, so that of two superusers who
 * demote each other at once one is refused: whoever takes power away still has it and keeps it, and so there is always a superuser.
 * @throws FORBIDDEN when the actor lost it meanwhile
 */
export async function actOn<Result>(
  { em, viewer, client, throttle }: Deps,
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

const may = ({ isActive, isStaff, isSuperuser }: User, by: Options['by']): boolean =>
  isActive && (isSuperuser || (by === 'staff' && isStaff));
