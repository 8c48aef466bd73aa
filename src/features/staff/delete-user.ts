import { SecurityEvent } from '../security-events/security-event.ts';
import { User } from '../users/user.ts';
import { type ActDeps, type ActRefusal, actOn } from './act-on.ts';

/** Deletes another user's account and, through the foreign keys, everything that belongs to it. Its name stays on record. */
export const deleteUser = (deps: ActDeps, id: string): Promise<'deleted' | ActRefusal> =>
  actOn(deps, { id, by: 'superuser' }, async ({ em, actor, target }): Promise<'deleted'> => {
    em.getRepository(SecurityEvent).record('ACCOUNT_DELETED', { user: null, client: deps.client, actor, username: target.username });
    await em.getRepository(User).nativeDelete(target.id);
    return 'deleted';
  });
