import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { type FieldError, onField, usernameTaken } from '../field-errors.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { Token } from '../tokens/token.entity.ts';
import { normaliseProfile, type Profile, problemsOfProfile } from '../users/profile.ts';
import { User } from '../users/user.entity.ts';

type Deps = { em: EntityManager; passwords: Passwords };
export type Registration = Profile & { password: string };
export type RegisterOutcome = { user: User; token: string } | { errors: FieldError[] };

/** Makes an account and its first key, both or neither. Reports every problem of the input at once. */
export async function register({ em, passwords }: Deps, { password, ...input }: Registration): Promise<RegisterOutcome> {
  const users = em.getRepository(User);
  const profile = normaliseProfile(input);
  const errors = [...problemsOfProfile(profile), ...onField('password', passwords.problemsOf(password, profile))];
  const isWellNamed = !errors.some(({ field }) => field === 'username');
  if (isWellNamed && (await users.isTaken(profile.username))) errors.unshift(...onField('username', [usernameTaken]));
  if (errors.length > 0) return { errors };
  const user = users.register(profile, { passwordHash: await passwords.hash(password) });
  const token = em.getRepository(Token).issueFor(user);
  try {
    await em.flush();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    return { errors: onField('username', [usernameTaken]) };
  }
  return { user, token };
}
