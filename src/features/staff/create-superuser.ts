import type { Deps } from '../../graphql/context.ts';
import { operator } from '../../services/passwords/asker.ts';
import type { Hasher } from '../../services/passwords/passwords.ts';
import { unusablePassword } from '../../services/passwords/stored-hash.ts';
import { Mail } from '../mail/mail.ts';
import type { Profile } from '../users/profile.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em' | 'mail'> & { readonly passwords: Hasher };

/** The profile is normalised and checked. Without a password, the account cannot log in until it gets one. */
export type NewSuperuser = { profile: Profile; password: string | null };

/** Creates a superuser's account and sends it a notice. The name may have been taken since it was checked. */
export async function createSuperuser(
  { em, passwords, mail }: Needs,
  { profile, password }: NewSuperuser,
): Promise<User | 'username-taken'> {
  const passwordHash = password === null ? unusablePassword() : await passwords.hash(password, operator);
  return em.transactional(async (transaction) => {
    const user = await transaction.getRepository(User).register(profile, { passwordHash, isStaff: true, isSuperuser: true });
    if (!user) return 'username-taken';
    if (mail) await transaction.getRepository(Mail).enqueue({ user, kind: 'SUPERUSER_GRANTED', recipient: user.email });
    return user;
  });
}
