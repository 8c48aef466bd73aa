import type { EntityManager } from '@mikro-orm/sql';
import { type EndedPart, endTokensOfNext, newestToken } from './tokens-of-many.ts';

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
