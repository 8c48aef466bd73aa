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
