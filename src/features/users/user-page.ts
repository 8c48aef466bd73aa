import { type RawBuilder, sql } from 'kysely';
import { type Place, type UserOrder, userOrders } from './user-order.ts';

/** Which users to list. */
export type UserPage = {
  readonly order: UserOrder;
  /** Null: from the beginning. */
  readonly after: Place | null;
  readonly limit: number;
  /** Null: either. */
  readonly isActive: boolean | null;
  readonly isStaff: boolean | null;
  /** Only users with these ids; null: all. */
  readonly among: readonly number[] | null;
};

type UserRows = RawBuilder<Record<string, unknown>>;

/**
 * A page of users with these columns, each with the key of its place. The query merges the beginnings of at most four lists, one for each
 * pair of flags that is asked for, so it reads at most four times `limit` rows, however far down the page lies and however much it filters out.
 */
export function userPage({ order, after, limit, isActive, isStaff, among }: UserPage, columns: readonly string[]): UserRows {
  const selected = sql.join(columns.map((column) => sql.ref(column)));
  const { key, direction } = userOrders[order];
  const by = sql.raw(direction);
  const value = sql.raw(key.sql);
  const beyond = after
    ? sql`and (${value}, id) ${sql.raw(direction === 'asc' ? '>' : '<')} (${parameter(key.read, after.key)}, ${after.id}::bigint)`
    : sql``;
  const source = among ? sql`found` : sql`users`;
  const lists = pairs(isActive, isStaff).map(
    ([active, staff]) => sql`
      (select ${selected}, ${value} as place from ${source} where is_active = ${sql.lit(active)} and is_staff = ${sql.lit(staff)} ${beyond}
        order by ${value} ${by}, id ${by} limit ${limit})`,
  );
  return sql`
    ${among ? sql`with found as materialized (select * from users where id = any(${among}::int[]))` : sql``}
    select ${selected}, ${sql.raw(key.write('place'))} as key from (${sql.join(lists, sql` union all `)}) page
     order by place ${by}, id ${by} limit ${limit}`;
}

const either = (flag: boolean | null): boolean[] => (flag === null ? [true, false] : [flag]);

const pairs = (isActive: boolean | null, isStaff: boolean | null) =>
  either(isActive).flatMap((active) => either(isStaff).map((staff) => [active, staff] as const));

/** Puts a value in place of the one question mark in SQL. */
function parameter(template: string, value: string) {
  const [before = '', behind = ''] = template.split('?');
  return sql`${sql.raw(before)}${value}${sql.raw(behind)}`;
}
