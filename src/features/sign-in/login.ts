import type { EntityManager } from '@mikro-orm/sql';
import type { Deps } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import { isHashable } from '../../services/passwords/policy.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { placeOf } from '../../services/throttling/sign-in-places.ts';
import { addressBlock } from '../../shared/client.ts';
import { Link } from '../links/link.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { deviceName } from '../tokens/device-name.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { type Credentials as Account, User } from '../users/user.ts';
import { attemptKey } from '../users/username.ts';
import { withinLoginBudgets } from './login-budgets.ts';

type Needs = Pick<Deps, 'em' | 'passwords' | 'throttle' | 'background' | 'tokenPolicy' | 'client' | 'mail'>;
type Credentials = { readonly username: string; readonly password: string };
type Entry = { user: User; token: string };
export type LoginOutcome = Entry | Throttled | 'invalid-credentials';

/** Checks a username and password and issues a key for this device. */
export async function login(deps: Needs, { username, password }: Credentials): Promise<LoginOutcome> {
  const account = await withinLoginBudgets(deps, username, () => findVerified(deps, username, password));
  if (!account) return 'invalid-credentials';
  if ('retryAfter' in account) return account;
  return (await enter(deps, account, { username, password })) ?? (await enterAgain(deps, { username, password })) ?? 'invalid-credentials';
}

/** Issues the key, and replaces a hash of another format or cost. Null if the account has changed since it was verified. */
async function enter(
  { em, passwords, client, tokenPolicy }: Needs,
  account: Account,
  { username, password }: Credentials,
): Promise<Entry | null> {
  const renewed = await passwords.renew(password, account.passwordHash, askerOf(client, attemptKey(username)));
  return em.transactional(async (transaction) => {
    const user = await transaction.getRepository(User).enter(account);
    if (!user) return null;
    if (renewed !== null) await renewHash(transaction, user, renewed);
    const place = placeOf(addressBlock(client.ipAddress));
    const order = { user, name: deviceName(client.userAgent), client, place, as: 'LOGGED_IN' } as const;
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
async function enterAgain(deps: Needs, credentials: Credentials): Promise<Entry | null> {
  const account = await findVerified(deps, credentials.username, credentials.password);
  return account && enter(deps, account, credentials);
}

/** The active account with that name and password, else null. Every refusal of a hashable password costs one lookup and one hash. */
async function findVerified(deps: Needs, name: string, password: string): Promise<Account | null> {
  const found = await deps.em.getRepository(User).findCredentials(name);
  if (!isHashable(password)) return noteFailed(deps, found);
  const isOpen = found?.isActive === true; // the password of a closed account does not matter, not even the right one
  const hash = isOpen ? found.passwordHash : undefined;
  const isRight = await deps.passwords.verify(password, hash, askerOf(deps.client, attemptKey(name)));
  return isRight && isOpen ? found : noteFailed(deps, found);
}

function noteFailed({ em, background, client }: Needs, found: { readonly id: number } | null): null {
  const userId = found?.id ?? null;
  background.run(() => em.fork().getRepository(SecurityEvent).recordAlone('LOGIN_FAILED', { userId, client }));
  return null;
}
