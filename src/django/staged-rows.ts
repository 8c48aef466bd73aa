import type { StagedToken, StagedUser } from './check-rows.ts';

type Value = string | boolean | null;

/**
 * The columns of rows, each as PostgreSQL writes an array: one parameter a column, however many rows, and much quicker than
 * JSON. Made here and not by the driver, so that it can be done while the database is busy with the batch before.
 */
export const arraysOf = <Row extends Record<Column, Value>, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
): string[] => columns.map((column) => `{${rows.map((row) => literal(row[column])).join()}}`);

function literal(value: Value): string {
  return typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value);
}

const userColumns = [
  'id',
  'username',
  'canonical',
  'password',
  'email',
  'first_name',
  'last_name',
  'is_active',
  'is_staff',
  'is_superuser',
  'date_joined',
  'last_login',
  'tokens',
] as const;
const tokenColumns = ['digest', 'user_id', 'kind', 'created', 'expiry', 'mark'] as const;

/** The parameters of `usersFrom`. */
export const userArrays = (users: readonly StagedUser[]): string[] => arraysOf(users, userColumns);

/** The parameters of `tokensFrom`. */
export const tokenArrays = (tokens: readonly StagedToken[]): string[] => arraysOf(tokens, tokenColumns);

/** SQL for users as rows `s`, from parameters that begin with $1. Their tokens' marks are text that is yet to be cast. */
export const usersFrom = `
  unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::boolean[],
         $10::boolean[], $11::timestamptz[], $12::timestamptz[], $13::text[]) as s (${userColumns.join()})`;

/** SQL for tokens as rows `s`, from parameters after the first `skipped`. */
export const tokensFrom = (skipped: number): string => {
  const [digest, userId, kind, created, expiry, mark] = tokenColumns.map((_, index) => `$${skipped + index + 1}`);
  return `
  unnest(${digest}::text[], ${userId}::bigint[], ${kind}::text[], ${created}::timestamptz[], ${expiry}::timestamptz[], ${mark}::text[])
      as s (${tokenColumns.join()})`;
};

/** How tokens taken over are called where people see theirs. */
export const TOKEN_NAME = 'Django';
