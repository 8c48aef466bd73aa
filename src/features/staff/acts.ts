import type { Deps } from '../../graphql/context.ts';
import { isUnusable } from '../../services/passwords/stored-hash.ts';
import { clearFailures } from '../../services/throttling/attempts.ts';
import type { Client } from '../../shared/client.ts';
import { announce } from '../events/announce.ts';
import { Mail, type MailKind } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { endTokens } from '../tokens/revoke-tokens.ts';
import { User } from '../users/user.ts';
import { type Act, type ActDeps, type ActRefusal, actOn } from './act-on.ts';

/** What an account may do. */
type Standing = { readonly isActive: boolean } | { readonly isStaff: boolean } | { readonly isSuperuser: boolean };

/**
 * Changes what another user's account may do, from their next request on, and tells its owner by mail. A trigger records it; without
 * a change, it records nothing.
 */
export async function setStanding({ mail, ...deps }: ActDeps & Pick<Deps, 'mail'>, id: string, standing: Standing) {
  const by = 'isActive' in standing ? 'staff' : 'superuser';
  const outcome = await actOn(deps, { id, by }, async ({ em, actor, target }): Promise<User | ActRefusal> => {
    const kind = noticeOf(target, standing);
    if ('isActive' in standing && standing.isActive) await clearFailures(em, await em.getRepository(User).attemptKeysOf(target)); // so that the owner can log in
    if (kind && mail) await em.getRepository(Mail).enqueue({ user: target, kind, recipient: target.email });
    return changeStanding({ em, actor, target }, standing, deps.client);
  });
  mail?.nudge();
  return outcome;
}

/** An account that is opened begins without tokens. A trigger sees to that; here it is told of, too. */
async function changeStanding({ em, actor, target }: Act, standing: Standing, client: Client): Promise<User> {
  const { isActive, isStaff, isSuperuser } = target;
  Object.assign(target, standing);
  if (target.isActive && !isActive) await endTokens(em, { user: target, client, actor });
  if (target.isActive !== isActive) await announce(em, isActive ? 'user.deactivated' : 'user.activated', { user: target, actor });
  const rights = { isStaff: target.isStaff, isSuperuser: target.isSuperuser };
  const isRight = rights.isStaff !== isStaff || rights.isSuperuser !== isSuperuser;
  if (isRight) await announce(em, 'user.rights_changed', { user: target, actor, ...rights });
  return target;
}

/** The notice that the owner gets; none if nothing changes or staff rights are taken away. */
function noticeOf({ isActive, isStaff, isSuperuser }: User, standing: Standing): MailKind | null {
  if ('isActive' in standing && standing.isActive !== isActive) return isActive ? 'ACCOUNT_DEACTIVATED' : 'ACCOUNT_ACTIVATED';
  if ('isStaff' in standing && standing.isStaff && !isStaff) return 'STAFF_GRANTED';
  return 'isSuperuser' in standing && standing.isSuperuser && !isSuperuser ? 'SUPERUSER_GRANTED' : null;
}

/** Revokes all tokens of a user. Returns how many. */
export const revokeUserTokens = (deps: ActDeps, id: string): Promise<number | ActRefusal> =>
  actOn(deps, { id, by: 'staff', toOneself: true }, ({ em, actor, target }) => endTokens(em, { user: target, client: deps.client, actor }));

/** Revokes one token of a user. Returns how many: none if the user has no such token. */
export const revokeUserToken = (
  deps: ActDeps,
  { id, tokenId }: { readonly id: string; readonly tokenId: string },
): Promise<number | ActRefusal> =>
  actOn(deps, { id, by: 'staff', toOneself: true }, ({ em, actor, target }) =>
    endTokens(em, { user: target, client: deps.client, actor, only: tokenId }),
  );

/** Forgets the failed logins to an account, so that its owner may try at once. */
export const unlockUser = (deps: ActDeps, id: string): Promise<User | ActRefusal> =>
  actOn(deps, { id, by: 'staff', toOneself: true }, async ({ em, actor, target }) => {
    await clearFailures(em, await em.getRepository(User).attemptKeysOf(target));
    await em.getRepository(SecurityEvent).record('ACCOUNT_UNLOCKED', { user: target, client: deps.client, actor });
    return target;
  });

type ResetOutcome = 'queued' | 'inactive' | 'no-address' | 'no-password';
export type SendResetOutcome = ResetOutcome | ActRefusal | 'mail-off';

/** Mails a link for resetPassword to the user's own mailbox: staff neither choose nor see a password. */
export async function sendPasswordReset({ mail, ...deps }: ActDeps & Pick<Deps, 'mail'>, id: string): Promise<SendResetOutcome> {
  if (!mail) return 'mail-off';
  const outcome = await actOn(deps, { id, by: 'staff', toOneself: true }, async ({ em, actor, target }) => {
    const obstacle = obstacleOf(target);
    if (obstacle) return obstacle;
    await em.getRepository(Mail).enqueue({ user: target, kind: 'PASSWORD_RESET_BY_STAFF', recipient: target.email });
    await clearFailures(em, await em.getRepository(User).attemptKeysOf(target));
    await em.getRepository(SecurityEvent).record('PASSWORD_RESET_SENT', { user: target, client: deps.client, actor });
    return 'queued';
  });
  mail.nudge();
  return outcome;
}

/** Why the link cannot be sent; null if it can. */
function obstacleOf({ isActive, email, passwordHash }: Act['target']): Exclude<ResetOutcome, 'queued'> | null {
  if (!isActive) return 'inactive';
  if (email === '') return 'no-address';
  return isUnusable(passwordHash) ? 'no-password' : null;
}
