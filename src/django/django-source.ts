import { withDjango } from './django-database.ts';
import { type ColumnTypes, findTables, type Tables } from './find-tables.ts';
import { postgresDialect, typesInPostgres } from './postgres-dialect.ts';
import { inSqlite } from './sqlite-source.ts';
import type { TableNames } from './tables.ts';

/** How a database says what a snapshot asks for, where two databases differ. Expressions are SQL. */
export type Dialect = {
  /** A time as text in UTC, exact to the microsecond, like `2026-11-20 18:00:00.123456+00`. */
  readonly time: (expression: string) => string;
  /** Whether a time is past. */
  readonly isPast: (expression: string) => string;
  /** Whether a time is not before the date in a parameter. */
  readonly isSince: (expression: string, parameter: string) => string;
  readonly isNull: (parameter: string) => string;
  /** Whether an id is among those in a parameter. */
  readonly isAmong: (expression: string, parameter: string) => string;
  /** Such a parameter. */
  readonly list: (ids: readonly string[]) => string;
  /** The parameter of `isSince`, from an ISO date. */
  readonly date: (iso: string) => string;
};

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What may stand for a parameter. */
export type Value = string | number | null;

/** A Django database at one moment, to read from. */
export type Source = {
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly rows: (text: string, values: readonly Value[]) => Promise<Row[]>;
};

/** What is read, before its tables are known. */
export type Reader = Pick<Source, 'dialect' | 'rows'> & { readonly typesOf: ColumnTypes };

const SQLITE = /^sqlite:/i;

/** Whether a URL names a file of SQLite. */
export const isSqlite = (url: string): boolean => SQLITE.test(url);

/** Opens a Django database for reading, and reads all of it as it is at one moment. @throws OperatorError when it cannot be read */
export function withSource<Result>(url: string, names: TableNames, work: (source: Source) => Promise<Result>): Promise<Result> {
  const read = async ({ dialect, rows, typesOf }: Reader) => work({ dialect, rows, tables: await findTables(typesOf, names) });
  if (isSqlite(url)) return inSqlite(url, read);
  return withDjango(url, 'begin isolation level repeatable read read only', (there) =>
    read({ dialect: postgresDialect, rows: there.rows, typesOf: typesInPostgres(there) }),
  );
}
