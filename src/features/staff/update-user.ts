import type { Deps } from '../../graphql/context.ts';
import { type FieldError, onField } from '../../shared/field-errors.ts';
import { problemsOfText } from '../../shared/text.ts';
import { announce } from '../events/announce.ts';
import { Link } from '../links/link.ts';
import { Mail } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { normaliseEmail, problemsOfEmail } from '../users/email.ts';
import { NAME_MAX_LENGTH, normaliseName } from '../users/profile.ts';
import type { User } from '../users/user.ts';
import { type Act, type ActDeps, type ActRefusal, actOn } from './act-on.ts';

/** What to change; null: leave it as it is. */
type Changes = { readonly id: string; readonly firstName: string | null; readonly lastName: string | null; readonly email: string | null };

type Update = ActDeps & Pick<Deps, 'mail'>;

export type UpdateUserOutcome = User | ActRefusal | 'address-of-rights' | { readonly errors: FieldError[] };

/** Changes the names and the address of another user, and tells the old address. */
export async function updateUser({ mail, ...deps }: Update, { id, ...typed }: Changes): Promise<UpdateUserOutcome> {
  const names = {
    ...(typed.firstName !== null && { firstName: normaliseName(typed.firstName) }),
    ...(typed.lastName !== null && { lastName: normaliseName(typed.lastName) }),
  };
  const email = typed.email === null ? null : normaliseEmail(typed.email);
  const errors = [
    ...Object.entries(names).flatMap(([field, name]) => onField(field, problemsOfText(name, NAME_MAX_LENGTH))),
    ...onField('email', problemsOfEmail(email ?? '')),
  ];
  if (errors.length > 0) return { errors };
  const outcome = await actOn(deps, { id, by: 'staff' }, async (act) => {
    const moves = email !== null && email !== act.target.email;
    if (moves && !mayMove(act)) return 'address-of-rights';
    await rename({ ...deps, ...act }, names);
    return moves ? move({ ...deps, mail, ...act }, email) : act.target;
  });
  mail?.nudge();
  return outcome;
}

/** Who sets an address can have a password reset sent there: that must not be a way to rights that staff do not have. */
const mayMove = ({ actor, target }: Act): boolean => actor.isSuperuser || !(target.isStaff || target.scopes.length > 0);

async function rename(
  { em, actor, target, client }: Pick<Deps, 'client'> & Act,
  names: { readonly firstName?: string; readonly lastName?: string },
): Promise<void> {
  const { firstName = target.firstName, lastName = target.lastName } = names;
  const changed = [...(firstName === target.firstName ? [] : ['firstName']), ...(lastName === target.lastName ? [] : ['lastName'])];
  if (changed.length === 0) return;
  Object.assign(target, { firstName, lastName });
  await em.getRepository(SecurityEvent).record('ACCOUNT_CHANGED', { user: target, client, actor });
  await announce(em, 'user.updated', { user: target, actor, changed });
}

async function move({ em, actor, target, client, mail }: Update & Act, email: string): Promise<User> {
  const mails = em.getRepository(Mail);
  if (mail) await mails.enqueue({ user: target, kind: 'EMAIL_CHANGED', recipient: target.email });
  if (mail) await mails.enqueue({ user: target, kind: 'EMAIL_VERIFICATION', recipient: email });
  await em.getRepository(Link).endAll(target.id);
  Object.assign(target, { email, emailVerified: false });
  await em.getRepository(SecurityEvent).record('EMAIL_CHANGED', { user: target, client, actor });
  return target;
}
