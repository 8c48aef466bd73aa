import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/mailer.ts';
import type { Viewer } from '../../graphql/viewer.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import type { Throttle } from '../../services/throttling/throttle.ts';
import type { Client } from '../../shared/client.ts';
import { addressBlock } from '../../shared/client.ts';
import { enqueue } from '../mail/enqueue.ts';
import { User } from '../users/user.entity.ts';

type Deps = {
  readonly em: EntityManager;
  readonly viewer: Viewer;
  readonly client: Client;
  readonly throttle: Throttle;
  readonly mail: Mailer | null;
};
export type VerificationOutcome = 'queued' | 'verified-already' | 'no-address' | 'mail-off';

/** Has a link sent to the viewer's address. */
export async function requestEmailVerification({ em, viewer, client, throttle, mail }: Deps): Promise<VerificationOutcome | Throttled> {
  if (!mail) return 'mail-off';
  const user = await em.getRepository(User).findById(viewer.userId);
  if (user.email === '') return 'no-address';
  if (user.emailVerified) return 'verified-already';
  const throttled = await throttle.count([{ budget: 'mailsPerAddress', of: addressBlock(client.ipAddress) }]);
  if (throttled) return throttled;
  await enqueue(em, { user, kind: 'EMAIL_VERIFICATION', recipient: user.email });
  mail.nudge();
  return 'queued';
}
