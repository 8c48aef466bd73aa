/** What users are ordered by, before their id. */
type Key = {
  /** SQL over `users`. An index begins with is_active, is_staff and this. */
  readonly sql: string;
  /** SQL that writes the key into a cursor and reads it back, exactly. */
  readonly write: (key: string) => string;
  readonly read: string;
  /** What may be read back; this server has written no other cursor. */
  readonly form: RegExp;
};

const time = {
  write: (key: string) => `extract(epoch from ${key})::text`,
  read: 'to_timestamp(?::float8)',
  form: /^(-\d{1,11}|\d{1,12})(\.\d{1,6})?$/, // up to the year 9999
};

/** By the name that their index has in `users_by_…_index`. */
export const userKeys = {
  // Not the column: PostgreSQL would take the primary key, and walk past all rows that are to be left out.
  id: { sql: '(id::bigint)', write: (key) => `${key}::text`, read: '?::bigint', form: /^\d{1,18}$/ },
  username: { sql: 'lower(username) collate "C"', write: (key) => key, read: '?::text', form: /^[^\0]{0,500}$/su },
  date_joined: { sql: 'date_joined', ...time },
  last_login: { sql: "coalesce(last_login, 'epoch')", ...time }, // “never” sorts before any time, and null would need cases of its own
} satisfies Record<string, Key>;

type Order = { readonly key: Key; readonly direction: 'asc' | 'desc'; readonly description: string };

/** The orders in which users can be listed, with what each means, as `schema.graphql` describes them. */
export const userOrders = {
  ID_ASC: { key: userKeys.id, direction: 'asc', description: 'By id, lowest first.' },
  ID_DESC: { key: userKeys.id, direction: 'desc', description: 'By id, highest first.' },
  USERNAME_ASC: { key: userKeys.username, direction: 'asc', description: 'By username from A to Z, regardless of case.' },
  USERNAME_DESC: { key: userKeys.username, direction: 'desc', description: 'By username from Z to A, regardless of case.' },
  DATE_JOINED_ASC: { key: userKeys.date_joined, direction: 'asc', description: 'Oldest account first.' },
  DATE_JOINED_DESC: { key: userKeys.date_joined, direction: 'desc', description: 'Newest account first.' },
  LAST_LOGIN_ASC: {
    key: userKeys.last_login,
    direction: 'asc',
    description: 'Users who never logged in come first, then the one whose last login is oldest.',
  },
  LAST_LOGIN_DESC: {
    key: userKeys.last_login,
    direction: 'desc',
    description: 'Most recent login first; users who never logged in come last.',
  },
} as const satisfies Record<string, Order>;

export type UserOrder = keyof typeof userOrders;

/** The place of a user in an order. It remains a place in the list when the user is renamed, logs in or is deleted. */
export type Place = { readonly key: string; readonly id: string };

/** For `after`. It is opaque to clients and does not work in another order. */
export const cursorOf = (order: UserOrder, { key, id }: Place): string => Buffer.from(`${order} ${id} ${key}`).toString('base64url');

/** Characters: a username in lower case, its id and the order in base64. */
const CURSOR_MAX_LENGTH = 3000;

/** Null for a text that is no cursor of that order. */
export function placeOf(order: UserOrder, cursor: string): Place | null {
  if (cursor.length > CURSOR_MAX_LENGTH) return null;
  const [, named, id, key] = /^(\w+) (\d{1,18}) (.*)$/su.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (named !== order || id === undefined || key === undefined) return null;
  return userOrders[order].key.form.test(key) ? { key, id } : null;
}
