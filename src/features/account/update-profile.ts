import type { Deps, Viewer } from '../../graphql/context.ts';
import { type FieldError, onField } from '../../shared/field-errors.ts';
import { problemsOfText } from '../../shared/text.ts';
import { NAME_MAX_LENGTH, normaliseName } from '../users/profile.ts';
import { User } from '../users/user.ts';

type Needs = Pick<Deps, 'em'> & { readonly viewer: Viewer };

/** Null: leave it as it is. */
type Names = { readonly firstName: string | null; readonly lastName: string | null };

/** Changes the viewer's names. */
export async function updateProfile({ em, viewer }: Needs, { firstName, lastName }: Names): Promise<User | { errors: FieldError[] }> {
  const names = { firstName: normaliseName(firstName ?? ''), lastName: normaliseName(lastName ?? '') };
  const errors = Object.entries(names).flatMap(([field, name]) => onField(field, problemsOfText(name, NAME_MAX_LENGTH)));
  if (errors.length > 0) return { errors };
  const user = await em.getRepository(User).findById(viewer.userId);
  if (firstName !== null) user.firstName = names.firstName;
  if (lastName !== null) user.lastName = names.lastName;
  await em.flush();
  return user;
}
