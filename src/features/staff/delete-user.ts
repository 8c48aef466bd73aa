import { endAccount } from '../account/delete-account.ts';
import { type ActDeps, type ActRefusal, actOn } from './act-on.ts';

/** Deletes another user's account and, through the foreign keys, everything that belongs to it. Its name stays on record. */
export const deleteUser = (deps: ActDeps, id: string): Promise<'deleted' | ActRefusal> =>
  actOn(deps, { id, by: 'superuser' }, async ({ em, actor, target }): Promise<'deleted'> => {
    await endAccount(em, { user: target, client: deps.client, actor });
    return 'deleted';
  });
