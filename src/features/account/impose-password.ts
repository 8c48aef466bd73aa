import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/context.ts';
import { operator } from '../../services/passwords/asker.ts';
import type { Hasher } from '../../services/passwords/passwords.ts';
import { User } from '../users/user.entity.ts';
import { setPassword } from './set-password.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Hasher; readonly mail: Mailer | null };
type Order = { readonly user: User; readonly password: string };

/**
 * Gives somebody another password without asking for the old one, for the command line. All their tokens end with it: how many;
 * null when the account was deleted meanwhile. The caller has checked the password.
 */
export async function imposePassword({ em, passwords, mail }: Deps, { user, password }: Order): Promise<number | null> {
  const passwordHash = await passwords.hash(password, operator);
  return em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lock(user))) return null;
    return setPassword({ em: transaction, client: null, mail }, { user, passwordHash, as: 'PASSWORD_CHANGED' });
  });
}
