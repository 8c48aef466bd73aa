import type { Deps } from '../../graphql/context.ts';
import { operator } from '../../services/passwords/asker.ts';
import type { Hasher } from '../../services/passwords/passwords.ts';
import { clearFailures } from '../../services/throttling/attempts.ts';
import type { Client } from '../../shared/client.ts';
import { Link } from '../links/link.ts';
import { Mail } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { Token } from '../tokens/token.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'mail'> & { readonly client: Client | null };

type Change = {
  /** The caller's transaction holds a lock on this row. */
  readonly user: User;
  readonly passwordHash: string;
  /** The id of a token to keep. */
  readonly keep?: string;
  /** The kind of event to record. */
  readonly as: 'PASSWORD_CHANGED' | 'PASSWORD_RESET';
};

/**
 * Sets the password of an account, and revokes everything a thief may have gained with the old one. The caller's transaction commits it.
 * Returns how many tokens ended.
 */
export async function setPassword({ em, client, mail }: Needs, { user, passwordHash, keep, as }: Change): Promise<number> {
  user.passwordHash = passwordHash;
  const events = em.getRepository(SecurityEvent);
  const ended = await em.getRepository(Token).endAll(user.id, keep === undefined ? {} : { except: keep });
  for (const token of ended) await events.record('TOKEN_REVOKED', { user, client, token });
  await events.record(as, { user, client });
  await em.getRepository(Link).endWithPassword(user.id);
  await clearFailures(em, await em.getRepository(User).attemptKeysOf(user)); // or a stranger's guesses at the old password would keep the owner out with the new one
  if (mail) await em.getRepository(Mail).enqueue({ user, kind: 'PASSWORD_CHANGED', recipient: user.email });
  return ended.length;
}

type ImposeDeps = Pick<Deps, 'em' | 'mail'> & { readonly passwords: Hasher };
type Order = { readonly user: User; readonly password: string };

/**
 * Sets a user's password without asking for the old one, for the command line. All tokens of the user end. Returns how many;
 * null if the account was deleted meanwhile. The caller has checked the password.
 */
export async function imposePassword({ em, passwords, mail }: ImposeDeps, { user, password }: Order): Promise<number | null> {
  const passwordHash = await passwords.hash(password, operator);
  return em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lock(user))) return null;
    return setPassword({ em: transaction, client: null, mail }, { user, passwordHash, as: 'PASSWORD_CHANGED' });
  });
}
