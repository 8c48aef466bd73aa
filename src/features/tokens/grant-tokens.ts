import type { Deps } from '../../graphql/context.ts';
import { Mail } from '../mail/mail.ts';
import { User } from '../users/user.ts';
import { issueToken } from './issue-token.ts';
import { endTokens } from './revoke-tokens.ts';
import { type IssuedKey, type IssuedPart, issueTokensToNext } from './tokens-of-many.ts';

type Needs = Pick<Deps, 'em' | 'tokenPolicy' | 'mail'>;

/** The name of tokens issued on the command line. */
const COMMAND_LINE = 'Command line';

/** With `reset`, the new key replaces all others of the user. */
type Order = { readonly username: string; readonly reset: boolean };

/** Issues a key without asking for a password, for the command line, and informs the owner by mail; null if there is no such user. */
export function grantToken({ em, tokenPolicy, mail }: Needs, { username, reset }: Order): Promise<string | null> {
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    const user = await users.findByUsername(username);
    if (!user) return null;
    await users.lock(user);
    if (mail) await transaction.getRepository(Mail).enqueue({ user, kind: 'TOKEN_CREATED', recipient: user.email });
    if (reset) await endTokens(transaction, { user, client: null });
    const { key } = await issueToken({ em: transaction, tokenPolicy }, { user, name: COMMAND_LINE, client: null, as: 'TOKEN_CREATED' });
    return key;
  });
}

const PEOPLE = 500; // in one transaction

/** Issues a key to every active user who has no live one. Yields what each small transaction has committed. */
export async function* grantMissingTokens({ em, tokenPolicy }: Omit<Needs, 'mail'>): AsyncGenerator<readonly IssuedKey[]> {
  const issue = (after: number): Promise<IssuedPart> =>
    em.fork().transactional((transaction) => issueTokensToNext(transaction, { after, people: PEOPLE, name: COMMAND_LINE }, tokenPolicy));
  for (let after: number | null = 0; after !== null; ) {
    const { issued, last }: IssuedPart = await issue(after);
    yield issued;
    after = last;
  }
}
