import type { EntityManager } from '@mikro-orm/sql';
import { User } from '../../features/users/user.ts';
import { OperatorError } from '../../shared/operator-error.ts';

/** The account with a username, found as a login finds it; in Django's words if there is none. @throws OperatorError */
export async function findUser(em: EntityManager, username: string): Promise<User> {
  const user = await em.getRepository(User).findByUsername(username);
  if (!user) throw userNotFound(username);
  return user;
}

export const userNotFound = (username: string): OperatorError =>
  new OperatorError(`user '${username}' does not exist`, { code: 'USER_NOT_FOUND' });
