import type { Deps } from '../../graphql/context.ts';
import type { Client } from '../../shared/client.ts';
import { SecurityEvent, type SecurityEventKind } from '../security-events/security-event.ts';
import type { User } from '../users/user.ts';
import { type NewToken, Token } from './token.ts';

type Needs = Pick<Deps, 'em' | 'tokenPolicy'>;

type Order = {
  /** The caller's transaction holds a lock on this row, so that simultaneous logins keep the limit. */
  readonly user: User;
  readonly name: string;
  readonly client: Client | null;
  readonly expiresAt?: Date | null;
  /** Where the user has just proved who they are, to be remembered. */
  readonly place?: string | null;
  /** The kind of event to record. */
  readonly as: SecurityEventKind;
};

/** Issues a key; if the user has too many, it revokes the longest idle ones. The caller's transaction commits it. */
export async function issueToken({ em, tokenPolicy }: Needs, { as, ...order }: Order): Promise<NewToken> {
  const { user, client } = order;
  const events = em.getRepository(SecurityEvent);
  const { ended, ...issued } = await em.getRepository(Token).issue(order, tokenPolicy);
  for (const token of ended) await events.record('TOKEN_REVOKED', { user, client, token });
  await events.record(as, { user, client, token: issued.token });
  return issued;
}
