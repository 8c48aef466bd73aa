import { DriverException } from '@mikro-orm/core';
import type { Sql, TransactionSql } from 'postgres';
import { OperatorError } from '../operator-error.ts';
import { findColumns, quoteTable, type Table, type TableKind, type TableNames } from './tables.ts';

/** Opens a Django database for `work` and always closes it. Times are read and written as text in UTC: a Date would lose microseconds. */
export async function withDjango<Result>(url: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const { default: postgres } = await import('postgres');
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 10,
    max_lifetime: null,
    onnotice: () => {},
    connection: { TimeZone: 'UTC', DateStyle: 'ISO, YMD', application_name: 'graphql-token-auth' },
  });
  try {
    return await work(sql);
  } catch (error) {
    throw explain(error);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** What the operator can mend: no connection, no permission, a table or a row that is not as expected. Not what our own database says. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DriverException || !('code' in error)) return error;
  const isOfDjango = error.name === 'PostgresError' || /^(E[A-Z_]+|CONNECT\w*)$/.test(String(error.code));
  return isOfDjango ? new OperatorError(`The Django database: ${error.message || String(error.code)}`) : error;
}

/** Tables of a Django project; those of tokens only where present. */
export type Tables = { readonly user: Table; readonly token: Table | null; readonly knox: Table | null };

/** Looks for the tables and their columns. @throws OperatorError that names what is missing, or what cannot be taken over */
export async function findTables(sql: TransactionSql, names: TableNames): Promise<Tables> {
  const user = await findTable(sql, 'user', names.user);
  if (!user) throw new OperatorError(`There is no table ${names.user.table} in the Django database. Say --user-table <name>.`);
  return { user, token: await findTable(sql, 'token', names.token), knox: await findTable(sql, 'knox', names.knox) };
}

async function findTable(sql: TransactionSql, kind: TableKind, name: TableNames[TableKind]): Promise<Table | null> {
  const rows = await sql<{ attname: string; type: string }[]>`
    select attname, format_type(atttypid, null) as type from pg_attribute
     where attrelid = to_regclass(${quoteTable(name.table)})
       and attnum > 0 and not attisdropped`;
  if (rows.length === 0 && !name.isGiven) return null;
  if (rows.length === 0) throw new OperatorError(`There is no table ${name.table} in the Django database.`);
  const idColumn = name.columns[kind === 'user' ? 'id' : 'user_id'] ?? (kind === 'user' ? 'id' : 'user_id');
  const idType = rows.find(({ attname }) => attname === idColumn)?.type;
  if (idType && !/^(smallint|integer|bigint)$/.test(idType)) {
    throw new OperatorError(`${name.table}.${idColumn} is of type ${idType}; only whole numbers can be taken over as ids.`);
  }
  const existing = new Set(rows.map(({ attname }) => attname));
  const isSalted = kind === 'knox' && existing.has('salt');
  const table = findColumns(kind, isSalted ? withoutOptional(name) : name, existing);
  return isSalted ? { ...table, columns: new Map(table.columns).set('salt', '"salt"') } : table;
}

/** Old versions of knox salted their digests and named some columns otherwise; nothing of it can be kept but a count. */
const withoutOptional = (name: TableNames[TableKind]): TableNames[TableKind] => ({
  ...name,
  columns: { ...name.columns, token_key: '', created: '', expiry: '' },
});
