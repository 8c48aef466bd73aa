/**
 * PostgreSQL's 40001 and 40P01: a statement lost a race or was in a deadlock. It, or its whole transaction, is undone.
 * An error of a standby's recovery has the first code, too.
 */
export const isRaced = (error: unknown): boolean =>
  error instanceof Error && ('code' in error ? /^40(001|P01)$/.test(String(error.code)) : isRaced(error.cause));

/** Marks the error that a transaction ended with before it was told to commit: the database has undone it, for certain. */
export function markUndone(error: unknown): void {
  if (error instanceof Error) Object.assign(error, { isUndone: true });
}

/** Whether the transaction of an error can be done again without being done twice. MikroORM copies the mark to the error it makes of it. */
export const isUndone = (error: unknown): boolean => error instanceof Error && 'isUndone' in error && error.isUndone === true;
