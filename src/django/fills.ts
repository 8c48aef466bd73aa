import { OperatorError } from '../shared/operator-error.ts';
import type { Django } from './django-database.ts';
import { quote, type Table, unquote } from './tables.ts';

/** What new rows get in columns that nothing here has a value for, by column. */
export type Fills = { readonly user: ReadonlyMap<string, string>; readonly knox: ReadonlyMap<string, string> };

/** Reads `phone=` and `knox.prefix=x`. @throws OperatorError for what is not like these */
export function readFills(given: readonly string[]): Fills {
  const fills = { user: new Map<string, string>(), knox: new Map<string, string>() };
  for (const fill of given) {
    const { table, column = '', value } = /^(?<table>user\.|knox\.)?(?<column>[^=]+)=(?<value>.*)$/s.exec(fill)?.groups ?? {};
    if (value === undefined) throw new OperatorError(`--fill ${fill} is not like phone= or knox.prefix=x.`);
    fills[table === 'knox.' ? 'knox' : 'user'].set(column, value);
  }
  return fills;
}

/** A column of a Django table, as an export wants to know it. */
export type ColumnFacts = {
  readonly type: string;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly isReference: boolean;
};

/** What fills the columns of new rows beside the fields: SQL with parameters from $1 on. */
export type Filling = {
  readonly columns: readonly string[];
  readonly expressions: readonly string[];
  readonly values: readonly string[];
  /** Says why no row can be added, if so. */
  readonly obstacle: string | null;
};

/** Looks at the columns of a table. */
export async function factsOf({ rows }: Django, { name }: Table): Promise<ReadonlyMap<string, ColumnFacts>> {
  const columns = await rows<{ name: string } & ColumnFacts>(
    `select attname as name, format_type(atttypid, null) as type, not attnotnull as "isNullable",
            attnotnull and not atthasdef and attidentity = '' as "isRequired",
            exists (select from pg_constraint where conrelid = attrelid and contype = 'f' and attnum = any(conkey)) as "isReference"
       from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [name],
  );
  return new Map(columns.map(({ name, ...facts }) => [name, facts]));
}

/**
 * Finds what new rows need beside the fields.
 * @param given the columns to fill and their values
 * @throws OperatorError for a column that is not there, or that a field fills already
 */
export function fillingOf(
  { kind, name, columns }: Table,
  facts: ReadonlyMap<string, ColumnFacts>,
  given: ReadonlyMap<string, string>,
): Filling {
  const written = new Set([...columns.values()].map(unquote));
  const fills = [...given];
  for (const [column] of fills) {
    if (!facts.has(column)) throw new OperatorError(`--fill ${column}: ${unquoteTable(name)} has no such column.`);
    if (written.has(column)) throw new OperatorError(`--fill ${column}: that column is written already, from users here.`);
  }
  const missing = [...facts].filter(([column, { isRequired }]) => isRequired && !written.has(column) && !given.has(column));
  return {
    columns: fills.map(([column]) => quote(column)),
    expressions: fills.map(([column, value], index) => expressionOf(facts.get(column)?.type ?? 'text', value, index)),
    values: fills.map(([, value]) => value),
    obstacle: missing.length > 0 ? obstacleOf(kind, name, missing) : null,
  };
}

const RANDOM = 'random';

/** The parameter is used for every value, so that the others keep their numbers. */
const expressionOf = (type: string, value: string, index: number): string =>
  type === 'uuid' && value === RANDOM
    ? `case when $${index + 1}::text is not null then gen_random_uuid() end`
    : `$${index + 1}::text::${type}`;

const unquoteTable = (name: string): string => name.split('.').map(unquote).join('.');

function obstacleOf(kind: Table['kind'], name: string, missing: readonly (readonly [string, ColumnFacts])[]): string {
  const listed = missing.map(([column, { type }]) => `${column} (${type})`).join(', ');
  const prefix = kind === 'user' ? '' : `${kind}.`;
  const suggested = missing.map(([column, facts]) => `--fill ${prefix}${column}=${suggestionFor(facts)}`).join(' ');
  return `${unquoteTable(name)} has columns that must not be empty and that nothing here fills: ${listed}. Say what new rows get there, like ${suggested}`;
}

/** What such a column mostly begins with; a person decides. */
function suggestionFor({ type, isReference }: ColumnFacts): string {
  if (isReference) return '<id>';
  if (/^(character|text|citext)/.test(type)) return type.endsWith('[]') ? '{}' : '';
  if (type.endsWith('[]') || type.startsWith('json')) return '{}';
  if (/^(timestamp|date|time)/.test(type)) return 'now';
  if (/^(smallint|integer|bigint|numeric|real|double)/.test(type)) return '0';
  return { boolean: 'false', uuid: RANDOM }[type] ?? '<value>';
}
