import type { EntityManager } from '@mikro-orm/sql';
import type { Deps } from '../../graphql/context.ts';
import { askerOf } from '../../services/passwords/asker.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { placeOf } from '../../services/throttling/sign-in-places.ts';
import type { Attempt } from '../../services/throttling/throttle.ts';
import { addressBlock } from '../../shared/client.ts';
import { type FieldError, onField, usernameTaken } from '../../shared/field-errors.ts';
import type { UserColumns } from '../../shared/user-column.ts';
import { Mail } from '../mail/mail.ts';
import { deviceName } from '../tokens/device-name.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { normaliseProfile, type Profile, problemsOfProfile } from '../users/profile.ts';
import { type NewAccount, User } from '../users/user.ts';
import { type ColumnValues, problemsOfValues, valuesTaken } from '../users/user-columns.ts';

type Needs = Omit<Deps, 'background' | 'scopes'>;
export type Registration = Profile & {
  readonly password: string;
  /** The values of the app's columns, as `valuesIn` reads them. */
  readonly own: ColumnValues;
};
export type RegisterOutcome = { user: User; token: string } | { errors: FieldError[] } | Throttled | 'closed';

/** Creates an account and its first key, both or neither. Reports all problems of the input at once. */
export async function register(deps: Needs, registration: Registration): Promise<RegisterOutcome> {
  if (!deps.registrationOpen) return 'closed';
  const of = addressBlock(deps.client.ipAddress);
  const asksForMail = deps.mail !== null && registration.email !== '';
  const attempts: Attempt[] = [{ budget: 'registerPerAddress', of }, ...(asksForMail ? [{ budget: 'mailsPerAddress', of } as const] : [])];
  return deps.throttle.attempt(attempts, () => tryToRegister(deps, registration), { counts: () => true });
}

async function tryToRegister(
  { em, passwords, usernames, userColumns, ...deps }: Needs,
  { password, own, ...input }: Registration,
): Promise<RegisterOutcome> {
  const users = em.getRepository(User);
  const profile = normaliseProfile(input);
  const errors = [
    ...problemsOfProfile(profile, usernames),
    ...onField('password', passwords.problemsOf(password, profile)),
    ...problemsOfValues(own, userColumns),
  ];
  const isWellNamed = !errors.some(({ field }) => field === 'username');
  if (isWellNamed && (await users.isTaken(profile.username))) errors.unshift(...onField('username', [usernameTaken]));
  errors.push(...(await valuesTaken(em, own, userColumns)));
  if (errors.length > 0) return { errors };
  const passwordHash = await passwords.hash(password, askerOf(deps.client, profile.username));
  const account = await em.transactional((transaction) => createAccount({ em: transaction, ...deps }, profile, { ...own, passwordHash }));
  if (!account) return { errors: await whatIsTaken(em, profile.username, own, userColumns) };
  deps.mail?.nudge();
  return account;
}

/** What was free when it was checked, and no longer is. */
async function whatIsTaken(em: EntityManager, username: string, own: ColumnValues, columns: UserColumns): Promise<FieldError[]> {
  const taken = await valuesTaken(em.fork(), own, columns);
  return taken.length > 0 && !(await em.getRepository(User).isTaken(username)) ? taken : onField('username', [usernameTaken]);
}

/** Null if the name, or a value, was taken since it was checked. */
async function createAccount(
  { em, tokenPolicy, client, mail }: Pick<Deps, 'em' | 'tokenPolicy' | 'client' | 'mail'>,
  profile: Profile,
  account: NewAccount,
) {
  const user = await em.getRepository(User).register(profile, account);
  if (!user) return null;
  const place = placeOf(addressBlock(client.ipAddress));
  const { key } = await issueToken({ em, tokenPolicy }, { user, name: deviceName(client.userAgent), client, place, as: 'REGISTERED' });
  if (mail) await em.getRepository(Mail).enqueue({ user, kind: 'EMAIL_VERIFICATION', recipient: user.email });
  return { user, token: key };
}
