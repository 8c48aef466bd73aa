import type { EntityManager } from '@mikro-orm/sql';
import type { Passwords } from '../passwords/passwords.ts';
import { isHashable } from '../passwords/policy.ts';
import { Token } from '../tokens/token.entity.ts';
import { User } from '../users/user.entity.ts';
import { normaliseUsername } from '../users/username.ts';

type Deps = { em: EntityManager; passwords: Passwords };
type Credentials = { username: string; password: string };
export type LoginOutcome = { user: User; token: string } | 'invalid-credentials';

/** Checks a username and password and issues a key for this device. Every refusal of a hashable password costs one hash. */
export async function login({ em, passwords }: Deps, { username, password }: Credentials): Promise<LoginOutcome> {
  if (!isHashable(password)) return 'invalid-credentials';
  const user = await em.getRepository(User).findByUsername(normaliseUsername(username));
  const verified = await passwords.verify(password, user?.passwordHash);
  if (!user || !verified || !user.isActive) return 'invalid-credentials';
  user.lastLogin = new Date();
  const token = em.getRepository(Token).issueFor(user);
  await em.flush();
  return { user, token };
}
