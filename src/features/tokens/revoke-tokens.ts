import type { EntityManager } from '@mikro-orm/sql';
import type { Viewer } from '../../graphql/viewer.ts';
import type { Client } from '../../shared/client.ts';
import { type Actor, SecurityEvent } from '../security-events/security-event.ts';
import { User } from '../users/user.ts';
import { Token } from './token.ts';
import { type EndedPart, endTokensOfNext, newestToken } from './tokens-of-many.ts';

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

const PEOPLE = 100; // in a transaction; each has TOKEN_LIMIT tokens at most

/** Ends every token issued so far, in small transactions, and notes it. How many. @param onEnded told how many each of them ended */
export async function revokeEverybodysTokens(em: EntityManager, onEnded: (count: number) => void): Promise<number> {
  const upTo = await newestToken(em.fork()); // people go on logging in meanwhile
  if (upTo === null) return 0;
  const endPart = (after: number): Promise<EndedPart> =>
    em.fork().transactional((transaction) => endTokensOfNext(transaction, { after, people: PEOPLE, upTo }));
  let total = 0;
  for (let after: number | null = 0; after !== null; ) {
    const { count, last }: EndedPart = await endPart(after);
    onEnded(count);
    total += count;
    after = last;
  }
  return total;
}
