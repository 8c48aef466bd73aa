import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { addressBlock } from '../../shared/client.ts';
import { announce } from '../events/announce.ts';
import { Link } from '../links/link.ts';
import { Mail } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'client' | 'throttle' | 'mail'> & { readonly viewer: Viewer };
export type VerificationOutcome = 'queued' | 'verified-already' | 'no-address' | 'mail-off';

/** Mails a link to the viewer's address. */
export async function requestEmailVerification({ em, viewer, client, throttle, mail }: Needs): Promise<VerificationOutcome | Throttled> {
  if (!mail) return 'mail-off';
  const user = await em.getRepository(User).findById(viewer.userId);
  if (user.email === '') return 'no-address';
  if (user.emailVerified) return 'verified-already';
  const throttled = await throttle.count([{ budget: 'mailsPerAddress', of: addressBlock(client.ipAddress) }]);
  if (throttled) return throttled;
  await em.getRepository(Mail).enqueue({ user, kind: 'EMAIL_VERIFICATION', recipient: user.email });
  mail.nudge();
  return 'queued';
}

export type EmailOutcome = 'verified' | 'changed' | 'dead-link' | 'taken';

/** Accepts a link as proof that its user reads the mailbox: the account's own address, or the one that is to replace it. */
export function verifyEmail(deps: Omit<Needs, 'viewer'>, token: string): Promise<EmailOutcome | Throttled> {
  const attempt = { budget: 'linkPerAddress', of: addressBlock(deps.client.ipAddress) } as const;
  return deps.throttle.attempt([attempt], () => tryLink(deps, token), { counts: (outcome) => outcome === 'dead-link' });
}

async function tryLink({ em, client, mail }: Pick<Deps, 'em' | 'client' | 'mail'>, token: string): Promise<EmailOutcome> {
  const links = em.getRepository(Link);
  const found = (await links.peek('email-verification', token)) ?? (await links.peek('email-change', token));
  if (!found) return 'dead-link';
  const outcome = await em.transactional(async (transaction) => {
    await transaction.getRepository(User).lock({ id: found.userId });
    const link = await transaction.getRepository(Link).use(found.purpose, token);
    if (!link) return 'dead-link';
    const user = await transaction.getRepository(User).findOneOrFail(link.userId);
    const isChange = link.purpose === 'email-change';
    if (!(await transaction.getRepository(User).claimAddress(user.id, link.email))) return 'taken';
    user.emailVerified = true;
    if (isChange) await changeAddress({ em: transaction, client, mail }, user, link.email);
    else await announce(transaction, 'user.email_verified', { user, actor: null });
    return isChange ? 'changed' : 'verified';
  });
  mail?.nudge();
  return outcome;
}

/** The old mailbox gets a notice: it may be the only one that the owner still reads. */
async function changeAddress({ em, client, mail }: Pick<Deps, 'em' | 'client' | 'mail'>, user: User, email: string): Promise<void> {
  if (mail) await em.getRepository(Mail).enqueue({ user, kind: 'EMAIL_CHANGED', recipient: user.email });
  user.email = email;
  await em.getRepository(SecurityEvent).record('EMAIL_CHANGED', { user, client });
  await em.getRepository(Link).endAll(user.id);
}
