import type { EntityManager } from '@mikro-orm/sql';
import type { Hasher } from '../passwords/passwords.ts';
import { unusablePassword } from '../passwords/unusable-password.ts';
import type { Profile } from '../users/profile.ts';
import { User } from '../users/user.entity.ts';

type Deps = { em: EntityManager; passwords: Hasher };

/** A profile that is normalised and checked. Null for a password: the account cannot log in until it is given one. */
export type NewSuperuser = { profile: Profile; password: string | null };

/** Makes an account that may look after all others. Somebody may have taken the name since it was checked. */
export async function createSuperuser({ em, passwords }: Deps, { profile, password }: NewSuperuser): Promise<User | 'username-taken'> {
  const passwordHash = password === null ? unusablePassword() : await passwords.hash(password);
  const user = await em.getRepository(User).register(profile, { passwordHash, isStaff: true, isSuperuser: true });
  return user ?? 'username-taken';
}
