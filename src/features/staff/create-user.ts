import type { EntityManager } from '@mikro-orm/sql';
import type { Deps } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { blank, type FieldError, onField, usernameTaken } from '../../shared/field-errors.ts';
import { generateKey } from '../../shared/key.ts';
import { Mail } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { normaliseProfile, type Profile, problemsOfProfile } from '../users/profile.ts';
import { User } from '../users/user.ts';
import { type ActDeps, lockActor } from './act-on.ts';

type Needs = ActDeps & Pick<Deps, 'passwords' | 'usernames' | 'mail'>;

/** The account to create. @param password empty: the user chooses one through a link */
type NewUser = Profile & { readonly password: string };

type CreateUserOutcome = User | { readonly errors: FieldError[] } | Throttled;

/**
 * Creates an account for another person. Without a password it gets a random one, and a mail with a link to choose another.
 * @throws FORBIDDEN if the actor has lost the right meanwhile
 */
export async function createUser(deps: Needs, { password, ...input }: NewUser): Promise<CreateUserOutcome> {
  const throttled = await deps.throttle.count([{ budget: 'staffActs', of: String(deps.viewer.userId) }]);
  if (throttled) return throttled;
  const profile = normaliseProfile(input);
  const errors = await problemsOf(deps, profile, password);
  if (errors.length > 0) return { errors };
  const passwordHash = await deps.passwords.hash(password || generateKey(), askerOf(deps.client, profile.username));
  const user = await deps.em.transactional((em) => add(em, deps, { profile, passwordHash, isInvited: password === '' }));
  deps.mail?.nudge();
  return user ?? { errors: onField('username', [usernameTaken]) };
}

async function problemsOf({ em, passwords, usernames, mail }: Needs, profile: Profile, password: string): Promise<FieldError[]> {
  const needsPassword = mail === null || profile.email === '';
  const errors = [
    ...problemsOfProfile(profile, usernames),
    ...onField('password', password === '' ? (needsPassword ? [blank] : []) : passwords.problemsOf(password, profile)),
  ];
  if (errors.some(({ field }) => field === 'username')) return errors;
  return (await em.getRepository(User).isTaken(profile.username)) ? [...onField('username', [usernameTaken]), ...errors] : errors;
}

type Addition = { readonly profile: Profile; readonly passwordHash: string; readonly isInvited: boolean };

/** Null if the name was taken since it was checked. */
async function add(
  em: EntityManager,
  { viewer, client, mail }: Needs,
  { profile, passwordHash, isInvited }: Addition,
): Promise<User | null> {
  const actor = await lockActor(em, viewer, 'staff');
  const user = await em.getRepository(User).register(profile, { passwordHash }, actor);
  if (!user) return null;
  await em.getRepository(SecurityEvent).record('ACCOUNT_CREATED', { user, client, actor });
  const kind = isInvited ? 'PASSWORD_RESET_BY_STAFF' : 'EMAIL_VERIFICATION';
  if (mail) await em.getRepository(Mail).enqueue({ user, kind, recipient: user.email });
  return user;
}
