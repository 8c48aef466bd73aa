import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/mailer.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { addressBlock } from '../../shared/client.ts';
import { Link } from '../links/link.entity.ts';
import { enqueue } from '../mail/enqueue.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly throttle: Throttle; readonly client: Client; readonly mail: Mailer | null };
export type EmailOutcome = 'verified' | 'changed' | 'dead-link';

/** Takes a link out of a mailbox as proof that somebody reads it: the account's own, or the one that is to take its place. */
export function verifyEmail(deps: Deps, token: string): Promise<EmailOutcome | Throttled> {
  const attempt = { budget: 'linkPerAddress', of: addressBlock(deps.client.ipAddress) } as const;
  return deps.throttle.attempt([attempt], () => tryLink(deps, token), { counts: (outcome) => outcome === 'dead-link' });
}

async function tryLink({ em, client, mail }: Deps, token: string): Promise<EmailOutcome> {
  const links = em.getRepository(Link);
  const found = (await links.peek('email-verification', token)) ?? (await links.peek('email-change', token));
  if (!found) return 'dead-link';
  const outcome = await em.transactional(async (transaction) => {
    await transaction.getRepository(User).lock({ id: found.userId });
    const link = await transaction.getRepository(Link).use(found.purpose, token);
    if (!link) return 'dead-link';
    const user = await transaction.getRepository(User).findOneOrFail(link.userId);
    const isChange = link.purpose === 'email-change';
    if (isChange) await changeAddress({ em: transaction, client, mail }, user, link.email);
    user.emailVerified = true;
    return isChange ? 'changed' : 'verified';
  });
  mail?.nudge();
  return outcome;
}

/** The old mailbox hears of it: it may be the only one its owner still reads. */
async function changeAddress({ em, client, mail }: Omit<Deps, 'throttle'>, user: User, email: string): Promise<void> {
  if (mail) await enqueue(em, { user, kind: 'EMAIL_CHANGED', recipient: user.email });
  user.email = email;
  em.getRepository(SecurityEvent).record('EMAIL_CHANGED', { user, client });
  await em.getRepository(Link).endAll(user.id);
}
