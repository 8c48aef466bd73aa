import type { EntityManager } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { Token } from '../tokens/token.entity.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly viewer: Viewer; readonly client: Client };

/** Which of the viewer's tokens: one, all but one, or, when neither is said, all. */
type Choice = { readonly only?: string; readonly except?: string };

/** Ends tokens of the viewer and notes it. How many; somebody else's count as nonexistent. */
export function revokeTokens({ em, viewer, client }: Deps, choice: Choice): Promise<number> {
  return em.transactional(async (transaction) => {
    const ended = await transaction.getRepository(Token).endAll(viewer.userId, choice);
    const events = transaction.getRepository(SecurityEvent);
    const user = transaction.getReference(User, viewer.userId);
    for (const token of ended) events.record('TOKEN_REVOKED', { user, client, token });
    return ended.length;
  });
}
