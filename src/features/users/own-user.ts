import type { EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { loadedProperties } from '../../database/loaded-columns.ts';
import type { Viewer } from '../../graphql/context.ts';
import { User } from './user.ts';

type Row = Readonly<Record<string, unknown>>;
type Read = (value: unknown) => unknown;

/**
 * Makes users of rows that hold the columns which a user is loaded with. No EntityManager knows them, and nothing that is done to
 * them is stored: to fork one and have it make an entity costs more than all the rest of a request.
 */
export function createUserReader(em: EntityManager): (row: Row) => unknown {
  const properties = loadedProperties(em.getMetadata().get(User)).filter(({ kind }) => kind === 'scalar');
  const platform = em.getDriver().getPlatform();
  const readerOf = ({ customType, runtimeType }: EntityProperty<User>): Read => {
    if (customType) return (value) => customType.convertToJSValue(value, platform);
    return runtimeType === 'Date' ? (value) => (typeof value === 'string' ? platform.parseDate(value) : value) : (value) => value;
  };
  const columns = properties.map((property) => ({ name: property.name, column: property.fieldNames[0] ?? '', read: readerOf(property) }));
  return (row) => {
    const user: Record<string, unknown> = {};
    for (const { name, column, read } of columns) user[name] = read(row[column]);
    return Object.setPrototypeOf(user, User.prototype); // `new User()` would give each property a setter of the ORM's
  };
}

/** The signed-in user, as of the moment the token was looked up. For reading only. */
export function ownUser({ readUser }: Viewer): User {
  const user = readUser();
  if (!(user instanceof User)) throw new Error('the viewer came without a user');
  return user;
}
