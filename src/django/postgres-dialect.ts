import type { Django } from './django-database.ts';
import type { Dialect } from './django-source.ts';
import type { ColumnTypes } from './find-tables.ts';
import { quoteTable } from './tables.ts';

export const postgresDialect: Dialect = {
  time: (expression) => `${expression}::timestamptz::text`,
  isPast: (expression) => `coalesce(${expression}::timestamptz <= now(), false)`,
  isSince: (expression, parameter) => `${expression} >= ${parameter}::timestamptz`,
  isNull: (parameter) => `${parameter}::timestamptz is null`,
  isAmong: (expression, parameter) => `${expression} = any(${parameter}::bigint[])`,
  list: (ids) => `{${ids.join()}}`,
  date: (iso) => iso,
};

/** Columns and their types, whether this account may read them or not. */
export const typesInPostgres =
  ({ rows }: Django): ColumnTypes =>
  async (table) => {
    const columns = await rows<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
        where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
      [quoteTable(table)],
    );
    return new Map(columns.map(({ name, type }) => [name, type]));
  };
