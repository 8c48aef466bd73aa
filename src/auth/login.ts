import type { EntityManager } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { isHashable } from '../passwords/policy.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { deviceName } from '../tokens/device-name.ts';
import type { TokenPolicy } from '../tokens/token-policy.ts';
import { User } from '../users/user.entity.ts';
import { normaliseUsername } from '../users/username.ts';
import { issueToken } from './issue-token.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Passwords; readonly tokenPolicy: TokenPolicy; readonly client: Client };
type Credentials = { readonly username: string; readonly password: string };
export type LoginOutcome = { user: User; token: string } | 'invalid-credentials';

/** Checks a username and password and issues a key for this device. Every refusal of a hashable password costs one hash. */
export async function login({ em, passwords, tokenPolicy, client }: Deps, { username, password }: Credentials): Promise<LoginOutcome> {
  if (!isHashable(password)) return 'invalid-credentials';
  const user = await em.getRepository(User).findByUsername(normaliseUsername(username));
  const verified = await passwords.verify(password, user?.passwordHash);
  if (!user || !verified || !user.isActive) return refuse(em, user, client);
  return em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return 'invalid-credentials';
    user.lastLogin = new Date();
    const name = deviceName(client.userAgent);
    const { key } = await issueToken({ em: transaction, tokenPolicy }, { user, name, client, as: 'LOGGED_IN' });
    return { user, token: key };
  });
}

/** Notes the attempt, also of somebody who does not exist: a refusal must not be quicker for it. */
async function refuse(em: EntityManager, user: User | null, client: Client): Promise<LoginOutcome> {
  em.getRepository(SecurityEvent).record('LOGIN_FAILED', { user, client });
  await em.flush();
  return 'invalid-credentials';
}
