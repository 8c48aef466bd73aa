import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/context.ts';
import { clearFailures } from '../../services/throttling/attempts.ts';
import type { Client } from '../../shared/client.ts';
import { Link } from '../links/link.entity.ts';
import { enqueue } from '../mail/enqueue.ts';
import { Mail } from '../mail/mail.entity.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { Token } from '../tokens/token.entity.ts';
import type { User } from '../users/user.entity.ts';
import { attemptKey } from '../users/username.ts';

type Deps = { readonly em: EntityManager; readonly client: Client | null; readonly mail: Mailer | null };

type Change = {
  /** The caller's transaction holds a lock on this row. */
  readonly user: User;
  readonly passwordHash: string;
  /** The token that lives on. */
  readonly keep?: string;
  /** What to note it as. */
  readonly as: 'PASSWORD_CHANGED' | 'PASSWORD_RESET';
};

/**
 * Gives an account another password, and takes from whoever knew the old one all it gave them. The caller's transaction commits it.
 * How many tokens ended.
 */
export async function setPassword({ em, client, mail }: Deps, { user, passwordHash, keep, as }: Change): Promise<number> {
  user.passwordHash = passwordHash;
  const events = em.getRepository(SecurityEvent);
  const ended = await em.getRepository(Token).endAll(user.id, keep === undefined ? {} : { except: keep });
  for (const token of ended) events.record('TOKEN_REVOKED', { user, client, token });
  events.record(as, { user, client });
  await em.getRepository(Mail).cancel(user.id, 'EMAIL_CHANGE');
  await em.getRepository(Link).endAll(user.id, 'email-change');
  await em.getRepository(Link).endAll(user.id, 'password-reset');
  await clearFailures(em, attemptKey(user.username)); // or a stranger's guesses at the old one would keep the owner out with the new one
  if (mail) await enqueue(em, { user, kind: 'PASSWORD_CHANGED', recipient: user.email });
  return ended.length;
}
