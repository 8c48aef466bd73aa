/** Marks the error that a transaction ended with before it was told to commit: the database has undone it, for certain. */
export function markUndone(error: unknown): void {
  if (error instanceof Error) Object.assign(error, { isUndone: true });
}

/** Whether the transaction of an error can be done again without being done twice. MikroORM copies the mark to the error it makes of it. */
export const isUndone = (error: unknown): boolean => error instanceof Error && 'isUndone' in error && error.isUndone === true;
