import { OperatorError } from '../shared/operator-error.ts';
import type { Django } from './django-database.ts';
import { type ColumnFacts, type Filling, type Fills, factsOf, fillingOf } from './fills.ts';
import { findTables, type Tables } from './find-tables.ts';
import { typesInPostgres } from './postgres-dialect.ts';
import { quote, type Table, type TableNames, unquote, userFields } from './tables.ts';

type Field = (typeof userFields)[number];

/** A field of users, the column that it is written to, and other fields that are in the same column. */
export type Written = { readonly field: Field; readonly also: Field[]; readonly column: string; readonly facts: ColumnFacts | undefined };

/** A Django database to write to. */
export type Target = {
  readonly there: Django;
  readonly tables: Tables;
  /** Each column once: of fields that share one, the first. The first of all is the id. */
  readonly written: readonly Written[];
  /** Fields that another one's column stands for. */
  readonly sharing: readonly { readonly field: Field; readonly with: Field }[];
  readonly users: Filling;
  readonly knox: Filling | null;
  /** The table has no users at all: then users are added whom Django had once. */
  readonly isEmpty: boolean;
  /** The sequence that gives out ids, if there is one. */
  readonly sequence: string | null;
};

/** Looks at the tables, and whether this account may do what an export does. @throws OperatorError that says what is to be mended */
export async function findTarget(there: Django, names: TableNames, fills: Fills): Promise<Target> {
  const tables = await findTables(typesInPostgres(there), names);
  const { user, knox } = tables;
  const sequence = await sequenceOf(there, user);
  const facts = await factsOf(there, user);
  const users = fillingOf(user, facts, fills.user);
  const knoxFilling = knox ? fillingOf(knox, await factsOf(there, knox), fills.knox) : null;
  if (!knoxFilling && fills.knox.size > 0) throw new OperatorError('--fill knox.…: the Django database has no table of knox.');
  await checkRights(there, tables, sequence);
  const [found] = await there.rows<{ isEmpty: boolean }>(`select not exists (select from ${user.name}) as "isEmpty"`);
  return { there, tables, ...writtenOf(user, facts), users, knox: knoxFilling, isEmpty: found?.isEmpty === true, sequence };
}

function writtenOf({ columns }: Table, facts: ReadonlyMap<string, ColumnFacts>): Pick<Target, 'written' | 'sharing'> {
  const written: Written[] = [];
  const sharing: { field: Field; with: Field }[] = [];
  for (const field of userFields) {
    const column = columns.get(field);
    if (column === undefined) continue;
    const first = written.find((other) => other.column === column);
    first?.also.push(field);
    if (first) sharing.push({ field, with: first.field });
    else written.push({ field, also: [], column, facts: facts.get(unquote(column)) });
  }
  return { written, sharing };
}

async function sequenceOf({ rows }: Django, { name, columns }: Table): Promise<string | null> {
  const id = unquote(columns.get('id') ?? '"id"');
  const [row] = await rows<{ sequence: string | null }>('select pg_get_serial_sequence($1, $2) as sequence', [name, id]);
  return row?.sequence ?? null;
}

/** What an account needs, table by table, and at which columns; `DELETE` is for a table. */
type Need = { readonly table: string; readonly columns: readonly string[]; readonly rights: readonly string[] };

const needsOf = ({ user, token, knox }: Tables): Need[] => [
  { table: user.name, columns: [...user.columns.values()], rights: ['SELECT', 'INSERT', 'UPDATE'] },
  ...(token ? [{ table: token.name, columns: [...token.columns.values()], rights: ['SELECT', 'DELETE'] }] : []),
  ...(knox ? [{ table: knox.name, columns: [...knox.columns.values()], rights: ['SELECT', 'INSERT', 'DELETE'] }] : []),
];

async function checkRights(there: Django, tables: Tables, sequence: string | null): Promise<void> {
  const [account] = await there.rows<{ name: string; database: string; hasTemporary: boolean; hasSequence: boolean }>(
    `select current_user as name, current_database() as database, has_database_privilege(current_database(), 'TEMPORARY') as "hasTemporary",
            coalesce(has_sequence_privilege($1::text, 'UPDATE') and has_sequence_privilege($1::text, 'USAGE'), true) as "hasSequence"`,
    [sequence],
  );
  if (!account) throw new Error('no account');
  const missing: string[] = [];
  for (const need of needsOf(tables)) {
    const lacking = await rightsLacking(there, need);
    if (lacking.length > 0) missing.push(`${lacking.join(', ').toLowerCase()} on ${need.table}`);
  }
  if (!account.hasSequence) missing.push(`usage, update on sequence ${sequence}`);
  if (!account.hasTemporary) missing.push(`temporary on database ${quote(account.database)}`);
  if (missing.length === 0) return;
  const grants = missing.map((what) => `\n  grant ${what} to ${quote(account.name)};`);
  throw new OperatorError(`The Django database does not let ${account.name} do all that an export does. Its owner can:${grants.join('')}`);
}

async function rightsLacking({ rows }: Django, { table, columns, rights }: Need): Promise<string[]> {
  const lacking = await rows<{ privilege: string }>(
    `select privilege from unnest($1::text[]) privilege
      where not case when privilege = 'DELETE' then has_table_privilege($2::text, privilege)
                     else (select bool_and(has_column_privilege($2::text, name, privilege)) from unnest($3::text[]) name) end`,
    [rights, table, columns.map(unquote)],
  );
  return lacking.map(({ privilege }) => privilege);
}
