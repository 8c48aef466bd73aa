import { OperatorError } from '../shared/operator-error.ts';

export type TableKind = 'user' | 'token' | 'knox';

/** What is taken over of a user; each is named as Django's own column. */
export const userFields = [
  'id',
  'username',
  'password',
  'email',
  'first_name',
  'last_name',
  'is_active',
  'is_staff',
  'is_superuser',
  'date_joined',
  'last_login',
] as const;

/** The fields that a takeover reads. */
const fields: Record<TableKind, readonly string[]> = {
  user: userFields,
  token: ['key', 'user_id', 'created'],
  knox: ['digest', 'user_id', 'token_key', 'created', 'expiry'],
};

const kinds: readonly TableKind[] = ['user', 'token', 'knox'];

/** Without these nothing can be taken over. */
const required: readonly string[] = ['id', 'username', 'password', 'key', 'user_id', 'digest'];

/** Where a Django project keeps what a takeover reads. `columns` holds those that are called otherwise; '' means that there is none. */
export type TableNames = Record<TableKind, { readonly table: string; readonly isGiven: boolean; readonly columns: Record<string, string> }>;

type Given = {
  readonly userTable?: string;
  readonly tokenTable?: string;
  readonly knoxTable?: string;
  readonly column?: readonly string[];
};

/** Reads the options that name tables and columns. @throws OperatorError for a name that cannot be one */
export function readTableNames({ userTable, tokenTable, knoxTable, column = [] }: Given): TableNames {
  const names: TableNames = {
    user: { table: userTable ?? 'auth_user', isGiven: userTable !== undefined, columns: {} },
    token: { table: tokenTable ?? 'authtoken_token', isGiven: tokenTable !== undefined, columns: {} },
    knox: { table: knoxTable ?? 'knox_authtoken', isGiven: knoxTable !== undefined, columns: {} },
  };
  for (const override of column) applyOverride(names, override);
  for (const { table } of Object.values(names)) quoteTable(table);
  return names;
}

function applyOverride(names: TableNames, override: string): void {
  const { kind = 'user', field = '', name } = /^(?:(?<kind>user|token|knox)\.)?(?<field>\w+)=(?<name>.*)$/.exec(override)?.groups ?? {};
  const table = kinds.find((candidate) => candidate === kind);
  if (!table || name === undefined || !fields[table].includes(field)) throw unknownColumn(override);
  if (name === '' && required.includes(field)) throw new OperatorError(`--column ${override}: there is no doing without ${field}.`);
  if (name !== '') quote(name);
  names[table].columns[field] = name;
}

const unknownColumn = (override: string): OperatorError =>
  new OperatorError(
    `--column ${override} is not like username=email or token.created=made_at. The fields are: ` +
      kinds.flatMap((kind) => fields[kind].map((field) => (kind === 'user' ? field : `${kind}.${field}`))).join(', '),
  );

/** As PostgreSQL wants a name that may be anything. @throws OperatorError for one that it cannot store */
export function quote(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > 63)
    throw new OperatorError(`"${name}" cannot name a table or column.`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** @param table as in `auth_user` or `accounts.user` */
export const quoteTable = (table: string): string => table.split('.').map(quote).join('.');

/** A table that is there, and what its columns are called; fields that it does not have are absent. Names are quoted. */
export type Table = { readonly kind: TableKind; readonly name: string; readonly columns: ReadonlyMap<string, string> };

/** The name of a quoted name. */
export const unquote = (quoted: string): string => quoted.slice(1, -1).replaceAll('""', '"');

/**
 * Finds each field's column among those that a table has.
 * @throws OperatorError that names what is missing
 */
export function findColumns(kind: TableKind, { table, columns: overrides }: TableNames[TableKind], existing: ReadonlySet<string>): Table {
  const columns = new Map<string, string>();
  const missing: string[] = [];
  for (const field of fields[kind]) {
    const name = overrides[field] ?? field;
    if (name === '') continue;
    if (existing.has(name)) columns.set(field, quote(name));
    else missing.push(field);
  }
  if (missing.length > 0) throw missingColumns(kind, table, missing);
  return { kind, name: quoteTable(table), columns };
}

function missingColumns(kind: TableKind, table: string, missing: readonly string[]): OperatorError {
  const prefix = kind === 'user' ? '' : `${kind}.`;
  const optional = missing.find((field) => !required.includes(field));
  return new OperatorError(
    `${table} has no column ${missing.join(', ')}. Say what it is called with --column ${prefix}${missing[0]}=<name>` +
      (optional === undefined ? '.' : `, or --column ${prefix}${optional}= if there is none.`),
  );
}
