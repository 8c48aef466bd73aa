const CODE = 'TOO_BUSY';

/** So many requests wait for a connection that another one would only wait in vain. */
export class TooBusy extends Error {
  override name = 'TooBusy';
  readonly code = CODE;

  constructor() {
    super('too many requests wait for a connection to the database');
  }
}

/** Whether an error says that the database is too busy. MikroORM copies the code to the error it makes of it. */
export const isTooBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === CODE;
