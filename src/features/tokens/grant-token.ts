import type { EntityManager } from '@mikro-orm/sql';
import type { TokenPolicy } from '../../config/token-policy.ts';
import type { Mailer } from '../../graphql/context.ts';
import { enqueue } from '../mail/enqueue.ts';
import { User } from '../users/user.entity.ts';
import { issueToken } from './issue-token.ts';
import { endTokens } from './revoke-tokens.ts';

type Deps = { readonly em: EntityManager; readonly tokenPolicy: TokenPolicy; readonly mail: Mailer | null };

/** The name of tokens issued there. */
export const COMMAND_LINE = 'Command line';

/** With `reset` the new key replaces all that the person holds. */
type Order = { readonly username: string; readonly reset: boolean };

/** Issues a key without asking for a password, for the command line, and tells the owner by mail; null when nobody has the username. */
export function grantToken({ em, tokenPolicy, mail }: Deps, { username, reset }: Order): Promise<string | null> {
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    const user = await users.findByUsername(username);
    if (!user) return null;
    await users.lock(user);
    if (mail) await enqueue(transaction, { user, kind: 'TOKEN_CREATED', recipient: user.email });
    if (reset) await endTokens(transaction, { user, client: null });
    const { key } = await issueToken({ em: transaction, tokenPolicy }, { user, name: COMMAND_LINE, client: null, as: 'TOKEN_CREATED' });
    return key;
  });
}
