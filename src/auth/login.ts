import type { EntityManager } from '@mikro-orm/sql';
import type { Client } from '../client.ts';
import type { Throttled } from '../outcome.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { isHashable } from '../passwords/policy.ts';
import { SecurityEvent } from '../security-events/security-event.entity.ts';
import { addressBlock } from '../throttling/address-block.ts';
import type { Attempt, Throttle } from '../throttling/throttle.ts';
import { deviceName } from '../tokens/device-name.ts';
import type { TokenPolicy } from '../tokens/token-policy.ts';
import { User } from '../users/user.entity.ts';
import { normaliseUsername } from '../users/username.ts';
import { issueToken } from './issue-token.ts';

type Deps = {
  readonly em: EntityManager;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly tokenPolicy: TokenPolicy;
  readonly client: Client;
};
type Credentials = { readonly username: string; readonly password: string };
export type LoginOutcome = { user: User; token: string } | Throttled | 'invalid-credentials';

/** Checks a username and password and issues a key for this device. */
export async function login(deps: Deps, { username, password }: Credentials): Promise<LoginOutcome> {
  const { em, client, throttle, tokenPolicy } = deps;
  const name = normaliseUsername(username);
  const attempts: Attempt[] = [
    { budget: 'loginPerAddress', of: addressBlock(client.ipAddress) },
    { budget: 'loginPerAccount', of: name },
  ];
  const user = await throttle.attempt(attempts, () => findVerified(deps, name, password));
  if (!user) return 'invalid-credentials';
  if ('retryAfter' in user) return noteThrottled(deps, name, user);
  return em.transactional(async (transaction) => {
    if (!(await transaction.getRepository(User).lockUnchanged(user))) return 'invalid-credentials';
    user.lastLogin = new Date();
    const order = { user, name: deviceName(client.userAgent), client, as: 'LOGGED_IN' } as const;
    const { key } = await issueToken({ em: transaction, tokenPolicy }, order);
    return { user, token: key };
  });
}

/** The active account with that name and password, else null. Every refusal of a hashable password costs one hash and one row. */
async function findVerified({ em, passwords, client }: Deps, name: string, password: string): Promise<User | null> {
  if (!isHashable(password)) return null;
  const user = await em.getRepository(User).findByUsername(name);
  if ((await passwords.verify(password, user?.passwordHash)) && user?.isActive) return user;
  await em.getRepository(SecurityEvent).recordAlone('LOGIN_FAILED', { user, client }); // also of nobody: it must not be quicker
  return null;
}

/** Notes once that logins are refused for a while. */
async function noteThrottled({ em, client }: Deps, name: string, throttled: Throttled): Promise<Throttled> {
  if (!throttled.isFirst) return throttled;
  const user = await em.getRepository(User).findByUsername(name);
  await em.getRepository(SecurityEvent).recordAlone('THROTTLED', { user, client });
  return throttled;
}
