import type { EntityManager } from '@mikro-orm/sql';
import type { Deps } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import { isHashable } from '../../services/passwords/policy.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { rememberPlace } from '../../services/throttling/sign-in-places.ts';
import { addressBlock } from '../../shared/client.ts';
import { Link } from '../links/link.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { deviceName } from '../tokens/device-name.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { User } from '../users/user.ts';
import { attemptKey } from '../users/username.ts';
import { withinLoginBudgets } from './login-budgets.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'background' | 'tokenPolicy' | 'client' | 'mail'>;
type Credentials = { readonly username: string; readonly password: string };
type Entry = { user: User; token: string };
export type LoginOutcome = Entry | Throttled | 'invalid-credentials';

/** Checks a username and password and issues a key for this device. */
export async function login(deps: Needs, { username, password }: Credentials): Promise<LoginOutcome> {
  const user = await withinLoginBudgets(deps, username, () => findVerified(deps, username, password));
  if (!user) return 'invalid-credentials';
  if ('retryAfter' in user) return user;
  return (await enter(deps, user, password)) ?? (await enterAgain(deps, username, password)) ?? 'invalid-credentials';
}

/** Issues the key, and replaces a hash of another format or cost. Null if the account has changed since it was verified. */
async function enter({ em, passwords, client, tokenPolicy }: Needs, user: User, password: string): Promise<Entry | null> {
  const renewed = await passwords.renew(password, user.passwordHash, askerOf(client, user.username));
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    if (!(await users.lockUnchanged(user))) return null;
    if (renewed !== null) await renewHash(transaction, user, renewed);
    user.lastLogin = new Date();
    await rememberPlace(transaction, user.id, addressBlock(client.ipAddress));
    const order = { user, name: deviceName(client.userAgent), client, as: 'LOGGED_IN' } as const;
    const { key } = await issueToken({ em: transaction, tokenPolicy }, order);
    return { user, token: key };
  });
}

/** Stores another hash of the same password; links that depend on the password keep working. */
async function renewHash(em: EntityManager, user: User, passwordHash: string): Promise<void> {
  await em.getRepository(Link).outliveHash(user.id, passwordHash);
  await em.getRepository(User).renewHash(user, passwordHash);
}

/** A login on another device may just have replaced the hash of the same password, so the password is verified once more. */
async function enterAgain(deps: Needs, name: string, password: string): Promise<Entry | null> {
  const user = await findVerified(deps, name, password);
  return user && enter(deps, user, password);
}

/**
 * The active account with that name and password, else null. Every refusal of a hashable password costs one lookup and one hash.
 * @param again whether to look once more if the hash has changed meanwhile
 */
async function findVerified(deps: Needs, name: string, password: string, again = true): Promise<User | null> {
  const found = await deps.em.getRepository(User).findCredentials(name);
  if (!isHashable(password)) return noteFailed(deps, found);
  const isOpen = found?.isActive === true; // the password of a closed account does not matter, not even the right one
  const hash = isOpen ? found.passwordHash : undefined;
  if ((await deps.passwords.verify(password, hash, askerOf(deps.client, attemptKey(name)))) && isOpen) {
    return (await deps.em.getRepository(User).findUnchanged(found)) ?? (again ? findVerified(deps, name, password, false) : null);
  }
  return noteFailed(deps, found);
}

function noteFailed({ em, background, client }: Needs, found: { readonly id: number } | null): null {
  const userId = found?.id ?? null;
  background.run(() => em.fork().getRepository(SecurityEvent).recordAlone('LOGIN_FAILED', { userId, client }));
  return null;
}
