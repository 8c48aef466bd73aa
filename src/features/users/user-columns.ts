import { BooleanType, DateTimeType, DoubleType, IntegerType, StringType, TextType } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { type FieldError, invalidTime, onField, type Problem, valueTaken } from '../../shared/field-errors.ts';
import { isStorableTime, problemsOfText, trim } from '../../shared/text.ts';
import type { UserColumn, UserColumns } from '../../shared/user-column.ts';
import { User } from './user.ts';

/** The mutations that may take a column. */
export type Taker = 'register' | 'update';

/** Values of columns, by name. */
export type ColumnValues = Readonly<Record<string, unknown>>;

const kinds = new Map<unknown, 'String' | 'Int' | 'Float' | 'Boolean' | 'DateTime'>([
  [StringType, 'String'],
  [TextType, 'String'],
  [IntegerType, 'Int'],
  [DoubleType, 'Float'],
  [BooleanType, 'Boolean'],
  [DateTimeType, 'DateTime'],
]);

/** Whether the API can show a column. */
export const isShown = (column: UserColumn): boolean => kinds.has(typeOf(column));

/** The GraphQL type of a column that the API can show. */
export const kindOf = (column: UserColumn) => kinds.get(typeOf(column)) ?? 'String';

/** MikroORM's class: `p` takes it, or an object of it. */
function typeOf({ column }: UserColumn): unknown {
  const { type } = column['~options'];
  return typeof type === 'object' && type !== null ? type.constructor : type;
}

/** Characters of a text without a length. */
const defaultLengths = new Map<unknown, number>([
  [StringType, 255],
  [TextType, 10_000],
]);

/** Characters of a text at most. */
export function lengthLimit({ column }: UserColumn): number {
  const { type, length } = column['~options'];
  return typeof length === 'number' ? length : (defaultLengths.get(type) ?? 0);
}

export const isNullable = ({ column }: UserColumn): boolean => column['~options'].nullable === true;

/** The columns that a mutation takes. */
export const takenBy = (taker: Taker, columns: UserColumns): [string, UserColumn][] =>
  Object.entries(columns).filter(([, column]) => column[taker] === true);

/** The values that an input gives for columns, spelled as they are stored. What is omitted, or null where the column is not, stays out. */
export function valuesIn(input: object, taker: Taker, columns: UserColumns): ColumnValues {
  const given = takenBy(taker, columns).map(([name, column]) => [name, stored(Reflect.get(input, name), column)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function stored(value: unknown, column: UserColumn): unknown {
  if (value === null) return isNullable(column) ? null : undefined;
  return typeof value === 'string' ? trim(value, lengthLimit(column)) : value;
}

/** @param values as `valuesIn` returns them */
export const problemsOfValues = (values: ColumnValues, columns: UserColumns): FieldError[] =>
  Object.entries(values).flatMap(([name, value]) => onField(name, problemsOf(value, columns[name])));

function problemsOf(value: unknown, column: UserColumn | undefined): readonly Problem[] {
  if (value === null || column === undefined) return [];
  const problems = typeof value === 'string' ? problemsOfText(value, lengthLimit(column)) : problemsOfTime(value);
  return problems.length > 0 ? problems : (column.problemsOf?.(value) ?? []);
}

const problemsOfTime = (value: unknown): Problem[] => (value instanceof Date && !isStorableTime(value) ? [invalidTime] : []);

/** Which values of unique columns another account has already. The unique keys decide in the end. @param except the id of the account itself */
export async function valuesTaken(em: EntityManager, values: ColumnValues, columns: UserColumns, except = 0): Promise<FieldError[]> {
  const unique = Object.entries(values).filter(([name, value]) => value !== null && columns[name]?.column['~options'].unique);
  const counts = await Promise.all(unique.map(([name, value]) => em.fork().count(User, { [name]: value, id: { $ne: except } })));
  return unique.filter((_, index) => counts[index] !== 0).flatMap(([name]) => onField(name, [valueTaken]));
}
