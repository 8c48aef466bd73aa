import type { EntityManager } from '@mikro-orm/sql';
import type { Mailer } from '../../graphql/mailer.ts';
import { operator } from '../../services/passwords/asker.ts';
import type { Hasher } from '../../services/passwords/passwords.ts';
import { unusablePassword } from '../../services/passwords/stored-hash.ts';
import { enqueue } from '../mail/enqueue.ts';
import type { Profile } from '../users/profile.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Hasher; readonly mail: Mailer | null };

/** A profile that is normalised and checked. Null for a password: the account cannot log in until it is given one. */
export type NewSuperuser = { profile: Profile; password: string | null };

/** Makes an account that may look after all others, and tells its mailbox. The name may have been taken since it was checked. */
export async function createSuperuser(
  { em, passwords, mail }: Deps,
  { profile, password }: NewSuperuser,
): Promise<User | 'username-taken'> {
  const passwordHash = password === null ? unusablePassword() : await passwords.hash(password, operator);
  return em.transactional(async (transaction) => {
    const user = await transaction.getRepository(User).register(profile, { passwordHash, isStaff: true, isSuperuser: true });
    if (!user) return 'username-taken';
    if (mail) await enqueue(transaction, { user, kind: 'SUPERUSER_GRANTED', recipient: user.email });
    return user;
  });
}
