import type { EntityManager } from '@mikro-orm/sql';
import type { Viewer } from '../../graphql/context.ts';
import type { Client } from '../../shared/client.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import type { Actor } from '../security-events/security-event.repository.ts';
import { User } from '../users/user.entity.ts';
import { Token } from './token.entity.ts';

type Deps = { readonly em: EntityManager; readonly viewer: Viewer; readonly client: Client };

/** Which of a person's tokens: one, all but one, or, when neither is said, all. */
type Choice = { readonly only?: string; readonly except?: string };

/** Whose, and who does it: a member of staff, or else the owner. */
type Whose = { readonly user: User; readonly client: Client | null; readonly actor?: Actor };

/** Ends tokens of the viewer. How many; somebody else's count as nonexistent. */
export const revokeTokens = ({ em, viewer, client }: Deps, choice: Choice): Promise<number> =>
  em.transactional((transaction) => endTokens(transaction, { user: transaction.getReference(User, viewer.userId), client, ...choice }));

/** Ends all tokens of somebody, for the command line. How many. */
export const revokeTokensOf = (em: EntityManager, user: User): Promise<number> =>
  em.transactional((transaction) => endTokens(transaction, { user, client: null }));

/** Ends tokens of a person in the caller's transaction, and notes it. How many. */
export async function endTokens(em: EntityManager, { user, client, actor, ...choice }: Choice & Whose): Promise<number> {
  const ended = await em.getRepository(Token).endAll(user.id, choice);
  const events = em.getRepository(SecurityEvent);
  for (const token of ended) events.record('TOKEN_REVOKED', { user, client, actor, token });
  return ended.length;
}
