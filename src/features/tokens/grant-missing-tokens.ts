import type { EntityManager } from '@mikro-orm/sql';
import type { TokenPolicy } from '../../config/tokens.ts';
import { COMMAND_LINE } from './grant-token.ts';
import { type IssuedKey, type IssuedPart, issueTokensToNext } from './tokens-of-many.ts';

type Deps = { readonly em: EntityManager; readonly tokenPolicy: TokenPolicy };

const PEOPLE = 500; // in a transaction

/** Issues a key to every active person who has none that signs in. Yields what each small transaction has committed. */
export async function* grantMissingTokens({ em, tokenPolicy }: Deps): AsyncGenerator<readonly IssuedKey[]> {
  const issue = (after: number): Promise<IssuedPart> =>
    em.fork().transactional((transaction) => issueTokensToNext(transaction, { after, people: PEOPLE, name: COMMAND_LINE }, tokenPolicy));
  for (let after: number | null = 0; after !== null; ) {
    const { issued, last }: IssuedPart = await issue(after);
    yield issued;
    after = last;
  }
}
