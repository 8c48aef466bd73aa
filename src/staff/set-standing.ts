import { clearFailures } from '../throttling/attempts.ts';
import type { User } from '../users/user.entity.ts';
import { type ActRefusal, actOn, type Deps } from './act-on.ts';

/** What an account may do. */
type Standing = { readonly isActive: boolean } | { readonly isStaff: boolean } | { readonly isSuperuser: boolean };

/** Changes what somebody else’s account may do, from their next request on. A trigger notes it; no change leaves no note. */
export const setStanding = (deps: Deps, id: string, standing: Standing): Promise<User | ActRefusal> =>
  actOn(deps, { id, by: 'isActive' in standing ? 'staff' : 'superuser' }, async ({ em, target }) => {
    if ('isActive' in standing && standing.isActive) await clearFailures(em, target.username); // open means that its owner can log in
    return Object.assign(target, standing);
  });
