import type { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../shared/operator-error.ts';
import type { Dialect, Reader, Row, Value } from './django-source.ts';

// Django writes times as text in UTC, without saying so: 2026-11-20 18:00:00.123456
const now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";

const sqliteDialect: Dialect = {
  time: (expression) => `${expression} || '+00'`,
  isPast: (expression) => `coalesce(${expression} <= ${now}, 0)`,
  isSince: (expression, parameter) => `${expression} >= ${parameter}`,
  isNull: (parameter) => `${parameter} is null`,
  isAmong: (expression, parameter) => `${expression} in (select value from json_each(${parameter}))`,
  list: (ids) => `[${ids.join()}]`,
  date: (iso) => new Date(/T.*(Z|[+-]\d\d:\d\d)$|^[^T]*$/.test(iso) ? iso : `${iso}Z`).toISOString().slice(0, 19).replace('T', ' '),
};

const BUSY_MS = 10_000;

/**
 * Reads a file of SQLite in one transaction, which sees none of what Django writes meanwhile. Without a write-ahead log
 * Django's writes wait until it is over.
 * @throws OperatorError for what the operator can mend
 */
export async function inSqlite<Result>(url: string, read: (reader: Reader) => Promise<Result>): Promise<Result> {
  const path = pathOf(url);
  if (path === '') throw new OperatorError('The Django database: sqlite: names no file.'); // SQLite would make one
  const { DatabaseSync } = await import('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    database.exec('begin');
    return await read(readerOf(database));
  } catch (error) {
    throw explain(error);
  } finally {
    database?.close();
  }
}

/** As dj-database-url has it: three slashes go before a relative path, four before an absolute one. */
const pathOf = (url: string): string => url.replace(/^sqlite:(\/\/\/(?=.))?/i, '');

function readerOf(database: DatabaseSync): Reader {
  return {
    dialect: sqliteDialect,
    rows: async (text, values) => rowsOf(database, text, values),
    typesOf: async (table) => {
      const [name = '', schema = 'main'] = table.split('.').toReversed();
      const columns = rowsOf(database, 'select name, type from pragma_table_info($1, $2)', [name, schema]);
      return new Map(columns.map(({ name, type }) => [String(name), String(type)]));
    },
  };
}

function rowsOf(database: DatabaseSync, text: string, values: readonly Value[]): Row[] {
  const statement = database.prepare(text);
  statement.setAllowUnknownNamedParameters(true);
  return statement.all(Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value])));
}

function explain(error: unknown): unknown {
  const isOfDjango = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
  return isOfDjango ? new OperatorError(`The Django database: ${error.message}.`) : error;
}
