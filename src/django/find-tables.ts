import { OperatorError } from '../shared/operator-error.ts';
import { findColumns, type Table, type TableKind, type TableNames } from './tables.ts';

/** Tables of a Django project; those of tokens only where present. */
export type Tables = { readonly user: Table; readonly token: Table | null; readonly knox: Table | null };

/** Tells the columns of a table, each with its type; none when there is no such table. */
export type ColumnTypes = (table: string) => Promise<ReadonlyMap<string, string>>;

/** Looks for the tables and their columns. @throws OperatorError that names what is missing, or what cannot be taken over */
export async function findTables(typesOf: ColumnTypes, names: TableNames): Promise<Tables> {
  const user = await findTable(typesOf, 'user', names.user);
  if (!user) throw new OperatorError(`There is no table ${names.user.table} in the Django database. Say --user-table <name>.`);
  return { user, token: await findTable(typesOf, 'token', names.token), knox: await findTable(typesOf, 'knox', names.knox) };
}

async function findTable(typesOf: ColumnTypes, kind: TableKind, name: TableNames[TableKind]): Promise<Table | null> {
  const types = await typesOf(name.table);
  if (types.size === 0 && !name.isGiven) return null;
  if (types.size === 0) throw new OperatorError(`There is no table ${name.table} in the Django database.`);
  const idField = kind === 'user' ? 'id' : 'user_id';
  const idColumn = name.columns[idField] ?? idField;
  const idType = types.get(idColumn);
  if (idType !== undefined && !/^(small|big)?int(eger)?( unsigned)?$/i.test(idType)) {
    throw new OperatorError(
      `${name.table}.${idColumn} is of type ${idType}; only whole numbers can be taken over as ids. docs/from-django.md has a way for others.`,
    );
  }
  const existing = new Set(types.keys());
  const isSalted = kind === 'knox' && existing.has('salt');
  const table = findColumns(kind, isSalted ? withoutOptional(name) : name, existing);
  return isSalted ? { ...table, columns: new Map(table.columns).set('salt', '"salt"') } : table;
}

/** Old versions of knox salted their digests and named some columns otherwise; nothing of it can be kept but a count. */
const withoutOptional = (name: TableNames[TableKind]): TableNames[TableKind] => ({
  ...name,
  columns: { ...name.columns, token_key: '', created: '', expiry: '' },
});
