import type { EntityManager } from '@mikro-orm/sql';
import { Token } from '../tokens/token.entity.ts';
import { User } from '../users/user.entity.ts';
import { normaliseUsername } from '../users/username.ts';

type Deps = { em: EntityManager };

/** With `reset` the new key replaces all that the person holds. */
type Order = { username: string; reset: boolean };

/** Issues a key without asking for a password; null when nobody has the username. */
export function createToken({ em }: Deps, { username, reset }: Order): Promise<string | null> {
  return em.transactional(async (transaction) => {
    const user = await transaction.getRepository(User).findByUsername(normaliseUsername(username));
    if (!user) return null;
    const tokens = transaction.getRepository(Token);
    if (reset) await tokens.revokeAllOf(user);
    return tokens.issueFor(user);
  });
}
