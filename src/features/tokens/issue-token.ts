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
  /** The kind of event to record. */
  readonly as: SecurityEventKind;
};

/** Issues a key; if the user has too many, it revokes the longest idle ones. The caller's transaction commits it. */
export async function issueToken({ em, tokenPolicy }: Needs, { as, ...order }: Order): Promise<NewToken> {
  const { user, client } = order;
  const tokens = em.getRepository(Token);
  const events = em.getRepository(SecurityEvent);
  for (const token of await tokens.endIdlest(user, tokenPolicy.limit - 1)) await events.record('TOKEN_REVOKED', { user, client, token });
  const issued = await tokens.issue(order, tokenPolicy);
  await events.record(as, { user, client, token: issued.token });
  return issued;
}
