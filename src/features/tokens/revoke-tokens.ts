import type { EntityManager } from '@mikro-orm/sql';
import type { Deps, Viewer } from '../../graphql/context.ts';
import type { Client } from '../../shared/client.ts';
import { type Actor, SecurityEvent } from '../security-events/security-event.ts';
import { User } from '../users/user.ts';
import { Token } from './token.ts';
import { type EndedPart, endTokensOfNext, newestToken } from './tokens-of-many.ts';

type Needs = Pick<Deps, 'em' | 'client'> & { readonly viewer: Viewer };

/** Which tokens of a user: one, all but one, or, if neither is given, all. */
type Choice = { readonly only?: string; readonly except?: string };

/** The user whose tokens end, and who ends them: a member of staff, or else the owner. */
type Owned = { readonly user: User; readonly client: Client | null; readonly actor?: Actor };

/** Revokes tokens of the viewer. Returns how many; tokens of other users count as nonexistent. */
export const revokeTokens = ({ em, viewer, client }: Needs, choice: Choice): Promise<number> =>
  em.transactional((transaction) => endTokens(transaction, { user: transaction.getReference(User, viewer.userId), client, ...choice }));

/** Revokes all tokens of a user, for the command line. Returns how many. */
export const revokeTokensOf = (em: EntityManager, user: User): Promise<number> =>
  em.transactional((transaction) => endTokens(transaction, { user, client: null }));

/** Revokes tokens of a user in the caller's transaction, and records it. Returns how many. */
export async function endTokens(em: EntityManager, { user, client, actor, ...choice }: Choice & Owned): Promise<number> {
  const ended = await em.getRepository(Token).endAll(user.id, choice);
  const events = em.getRepository(SecurityEvent);
  for (const token of ended) await events.record('TOKEN_REVOKED', { user, client, actor, token });
  return ended.length;
}

const PEOPLE = 100; // in one transaction; each has at most TOKEN_LIMIT tokens

/**
 * Revokes all tokens issued so far, in small transactions, and records it. Returns how many.
 * @param onEnded called with the number of each transaction
 */
export async function revokeEverybodysTokens(em: EntityManager, onEnded: (count: number) => void): Promise<number> {
  const upTo = await newestToken(em.fork()); // users may log in meanwhile
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
