import { Client, type QueryResult } from 'pg';
import { connectionOf } from '../config/postgres-url.ts';
import { sessionStatement } from '../config/session.ts';
import { OperatorError, reasonOf } from '../operator-error.ts';
import { findColumns, quoteTable, type Table, type TableKind, type TableNames } from './tables.ts';

/** A transaction in a Django database. Times are read and written as text in UTC: a Date would lose microseconds. */
export type Django = {
  /** The rows that a statement returns. */
  readonly rows: <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** How many rows a statement wrote. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<number>;
};

const CONNECT_TIMEOUT = 10_000; // milliseconds

/**
 * Opens a Django database for `work` in one transaction and always closes it. @param begin how the transaction begins
 * @throws OperatorError for what the operator can mend: no connection, no permission, a table or a row that is not as expected
 */
export async function withDjango<Result>(url: string, begin: string, work: (django: Django) => Promise<Result>): Promise<Result> {
  const client = new Client({
    ...connectionOf(url, 'The URL of the Django database'),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    fallback_application_name: 'graphql-token-auth',
  });
  client.on('error', () => {}); // a statement hears of it
  const ask = <Row extends object>(text: string, values: readonly unknown[] = []): Promise<QueryResult<Row>> =>
    client.query<Row>(text, [...values]).catch(explain);
  try {
    await client.connect().catch(explain);
    await ask(sessionStatement({ timeout: null }));
    await ask(begin);
    const result = await work({
      rows: async <Row extends object>(text: string, values?: readonly unknown[]) => (await ask<Row>(text, values)).rows,
      run: async (text, values) => (await ask(text, values)).rowCount ?? 0,
    });
    await ask('commit');
    return result;
  } finally {
    await client.end().catch(() => {}); // and rolls back what is not committed
  }
}

/** Everything that its connection says: what our own database says does not come here. */
function explain(error: Error): never {
  throw new OperatorError(`The Django database: ${reasonOf(error)}`, { cause: error });
}

/** Tables of a Django project; those of tokens only where present. */
export type Tables = { readonly user: Table; readonly token: Table | null; readonly knox: Table | null };

/** Looks for the tables and their columns. @throws OperatorError that names what is missing, or what cannot be taken over */
export async function findTables(django: Django, names: TableNames): Promise<Tables> {
  const user = await findTable(django, 'user', names.user);
  if (!user) throw new OperatorError(`There is no table ${names.user.table} in the Django database. Say --user-table <name>.`);
  return { user, token: await findTable(django, 'token', names.token), knox: await findTable(django, 'knox', names.knox) };
}

async function findTable(django: Django, kind: TableKind, name: TableNames[TableKind]): Promise<Table | null> {
  const rows = await django.rows<{ attname: string; type: string }>(
    `select attname, format_type(atttypid, null) as type from pg_attribute
      where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [quoteTable(name.table)],
  );
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
