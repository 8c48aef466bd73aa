import type { Deps } from '../../graphql/context.ts';
import { type FieldError, onField, unknownScope } from '../../shared/field-errors.ts';
import { announce } from '../events/announce.ts';
import type { User } from '../users/user.ts';
import { type Act, type ActDeps, type ActRefusal, actOn } from './act-on.ts';

type Order = { readonly id: string; readonly scopes: readonly string[] };

/** Replaces the scopes of a user, from the next request on. A trigger records it; without a change, it records nothing. */
export async function setScopes(
  { scopes: declared, ...deps }: ActDeps & Pick<Deps, 'scopes'>,
  { id, scopes }: Order,
): Promise<User | ActRefusal | { errors: FieldError[] }> {
  const known = Object.keys(declared);
  if (!scopes.every((scope) => known.includes(scope))) return { errors: onField('scopes', [unknownScope(known)]) };
  const wanted = known.filter((scope) => scopes.includes(scope)); // each once, in one order: what is the same is no change
  return actOn(deps, { id, by: 'superuser', toOneself: true }, (act) => replaceScopes(act, wanted));
}

async function replaceScopes({ em, actor, target }: Act, scopes: string[]): Promise<User> {
  if (scopes.join() === target.scopes.join()) return target;
  target.scopes = scopes;
  await announce(em, 'user.scopes_changed', { user: target, actor, scopes });
  return target;
}
