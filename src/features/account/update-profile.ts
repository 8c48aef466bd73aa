import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { Deps, Viewer } from '../../graphql/context.ts';
import { type FieldError, onField } from '../../shared/field-errors.ts';
import { problemsOfText } from '../../shared/text.ts';
import { announce } from '../events/announce.ts';
import { NAME_MAX_LENGTH, normaliseName } from '../users/profile.ts';
import { User } from '../users/user.ts';
import { type ColumnValues, problemsOfValues, valuesTaken } from '../users/user-columns.ts';

type Needs = Pick<Deps, 'em' | 'userColumns'> & { readonly viewer: Viewer };

type Changes = {
  /** Null: leave it as it is. */
  readonly firstName: string | null;
  /** Null: leave it as it is. */
  readonly lastName: string | null;
  /** The values of the app's columns, as `valuesIn` reads them. */
  readonly own: ColumnValues;
};

/** Changes what the viewer says of themselves: names and the app's columns. */
export async function updateProfile(
  { em, viewer, userColumns }: Needs,
  { firstName, lastName, own }: Changes,
): Promise<User | { errors: FieldError[] }> {
  const names = { firstName: normaliseName(firstName ?? ''), lastName: normaliseName(lastName ?? '') };
  const errors = [
    ...Object.entries(names).flatMap(([field, name]) => onField(field, problemsOfText(name, NAME_MAX_LENGTH))),
    ...problemsOfValues(own, userColumns),
    ...(await valuesTaken(em, own, userColumns, viewer.userId)),
  ];
  if (errors.length > 0) return { errors };
  const user = await em.getRepository(User).findById(viewer.userId);
  if (firstName !== null) user.firstName = names.firstName;
  if (lastName !== null) user.lastName = names.lastName;
  Object.assign(user, own);
  return (await isWritten(em, user)) ? user : { errors: await valuesTaken(em.fork(), own, userColumns, viewer.userId) };
}

/** Another account took a value since it was checked. */
class ValueTaken extends Error {}

async function isWritten(em: EntityManager, user: User): Promise<boolean> {
  try {
    await em.transactional((transaction) => write(transaction, user));
    return true;
  } catch (error) {
    if (error instanceof ValueTaken) return false;
    throw error;
  }
}

async function write(em: EntityManager, user: User): Promise<void> {
  const changed = changedIn(em, user);
  await em.flush().catch((error: unknown) => {
    throw error instanceof UniqueConstraintViolationException ? new ValueTaken() : error;
  });
  if (changed.length > 0) await announce(em, 'user.updated', { user, actor: null, changed });
}

function changedIn(em: EntityManager, user: User): string[] {
  const work = em.getUnitOfWork();
  work.computeChangeSets();
  return work.getChangeSets().flatMap(({ entity, payload }) => (entity === user ? Object.keys(payload) : []));
}
