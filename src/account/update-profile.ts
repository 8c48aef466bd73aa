import type { EntityManager } from '@mikro-orm/sql';
import { type FieldError, onField } from '../field-errors.ts';
import { problemsOfText } from '../text.ts';
import type { Viewer } from '../tokens/viewer.ts';
import { NAME_MAX_LENGTH } from '../users/profile.ts';
import { User } from '../users/user.entity.ts';

type Deps = { readonly em: EntityManager; readonly viewer: Viewer };

/** Null: as it is. */
type Names = { readonly firstName: string | null; readonly lastName: string | null };

/** Changes what the viewer says about themselves. */
export async function updateProfile({ em, viewer }: Deps, names: Names): Promise<User | { errors: FieldError[] }> {
  const errors = [
    ...onField('firstName', problemsOfText(names.firstName ?? '', NAME_MAX_LENGTH)),
    ...onField('lastName', problemsOfText(names.lastName ?? '', NAME_MAX_LENGTH)),
  ];
  if (errors.length > 0) return { errors };
  const user = await em.getRepository(User).findById(viewer.userId);
  user.firstName = names.firstName ?? user.firstName;
  user.lastName = names.lastName ?? user.lastName;
  await em.flush();
  return user;
}
