import type { EntityManager } from '@mikro-orm/sql';
import type { TokenPolicy } from '../../../config/tokens.ts';
import { deviceName } from '../../../features/tokens/device-name.ts';
import { issueToken } from '../../../features/tokens/issue-token.ts';
import { User } from '../../../features/users/user.ts';
import { operator } from '../../../services/passwords/asker.ts';
import type { Hasher } from '../../../services/passwords/passwords.ts';
import { DEMO_PASSWORD, type DemoPerson, demoPeople, profileOf } from './demo-people.ts';

type Deps = { readonly em: EntityManager; readonly passwords: Hasher; readonly tokenPolicy: TokenPolicy };

/** A demo person, and whether the username was there before. That account is left alone: it may belong to a real person. */
export type Seeded = { readonly person: DemoPerson; readonly isNew: boolean };

/** A database with more accounts than a person makes by hand is not one to play with. */
export const MAX_ACCOUNTS = 50;

/** Adds the demo people who are missing, all or none. Their password is public, so not to a database that is in use. */
export function seedDemo({ em, ...deps }: Deps): Promise<readonly Seeded[] | 'in-use'> {
  return em.transactional(async (transaction) => {
    const users = transaction.getRepository(User);
    if ((await users.count()) > MAX_ACCOUNTS) return 'in-use';
    const seeded: Seeded[] = [];
    for (const person of demoPeople) {
      const isNew = !(await users.isTaken(person.username)) && (await addPerson({ em: transaction, ...deps }, person));
      seeded.push({ person, isNew });
    }
    return seeded;
  });
}

/** False when the name was taken meanwhile. */
async function addPerson({ em, passwords, tokenPolicy }: Deps, person: DemoPerson): Promise<boolean> {
  const { devices, isActive, isStaff } = person;
  const passwordHash = await passwords.hash(DEMO_PASSWORD, operator);
  const user = await em.getRepository(User).register(profileOf(person), { passwordHash, isStaff, isActive });
  if (!user) return false;
  for (const userAgent of devices) {
    const client = { ipAddress: '192.0.2.1', userAgent, signal: null }; // an address for documentation (RFC 5737)
    await issueToken({ em, tokenPolicy }, { user, name: deviceName(userAgent), client, as: 'LOGGED_IN' });
  }
  return true;
}
