import type { EntityManager } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import { blank, type FieldError, inThePast, onField, passwordIncorrect } from '../field-errors.ts';
import type { Throttled } from '../outcome.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { problemsOfText, trim } from '../text.ts';
import type { Throttle } from '../throttling/throttle.ts';
import { TOKEN_NAME_MAX_LENGTH } from '../tokens/token.entity.ts';
import type { NewToken } from '../tokens/token.repository.ts';
import type { TokenPolicy } from '../tokens/token-policy.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { User } from '../users/user.entity.ts';
import { confirmPassword } from './confirm-password.ts';
import { issueToken } from './issue-token.ts';

type Deps = {
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly tokenPolicy: TokenPolicy;
  readonly viewer: Viewer;
  readonly client: Client;
};
type Order = { readonly name: string; readonly password: string; readonly expiresAt: Date | null };
export type CreateTokenOutcome = NewToken | { errors: FieldError[] } | Throttled;

/** Issues a named key for a script. Asks for the password again: a token must not be able to multiply. */
export async function createToken(deps: Deps, { name, password, expiresAt }: Order): Promise<CreateTokenOutcome> {
  const errors = [
    ...onField('name', trim(name, TOKEN_NAME_MAX_LENGTH) === '' ? [blank] : problemsOfText(name, TOKEN_NAME_MAX_LENGTH)),
    ...onField('expiresAt', expiresAt && expiresAt.getTime() <= Date.now() ? [inThePast] : []),
  ];
  if (errors.length > 0) return { errors };
  const user = await confirmPassword(deps, password);
  const refused = { errors: onField('password', [passwordIncorrect]) };
  if (!user) return refused;
  if ('retryAfter' in user) return user;
  return deps.em.transactional(async (em) => {
    if (!(await em.getRepository(User).lockUnchanged(user))) return refused;
    const { tokenPolicy, client } = deps;
    return issueToken({ em, tokenPolicy }, { user, name, client, expiresAt, as: 'TOKEN_CREATED' });
  });
}
