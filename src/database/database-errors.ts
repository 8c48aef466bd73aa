import { codeOf, isDistrust, OperatorError, reasonOf } from '../shared/operator-error.ts';

// Node's own codes, and PostgreSQL's: class 08 connection, 3D000 no such database, class 53 no room left, on disk or in memory or for
// a connection, 57014 a statement took too long, 57P01–5 shutting down, 25P03 idle for too long, 25006 it takes no writes.
const awayCode = /^(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|08...|3D000|53...|57014|57P0[1-5]|25P03|25006)$/;
// node-postgres and PGlite give these no code.
const awayMessage =
  /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|Client was closed|PGlite is closed)/;

/** Whether an error means that the database cannot do it now, rather than that a query is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && awayCode.test(String(error.code))) return true;
  if ('syscall' in error && error.syscall === 'connect') return true; // of a unix socket that is not there
  return awayMessage.test(error.message) || isDatabaseAway(error.cause);
}

// PostgreSQL's class 28, it does not let us in; 3D000, there is no such database; 42501, we may do less than we need.
const notAllowed = /^(28...|3D000|42501)$/;

/** Whether a database is there, but not for us: waiting would not help. */
export const mayNotUse = (error: unknown): boolean => error instanceof Error && notAllowed.test(codeOf(error));

// What node-postgres says, without a code, of a server that cannot be talked to as the URL wants it.
const noAgreement = /^(The server does not support SSL|There was an error establishing an SSL|SASL:)/;

const isDisagreement = (error: Error): boolean => isDistrust(error) || noAgreement.test(error.message);

/** Turns the failure to get through to a database into a sentence for the operator; hands on any other error. */
export function explainUnusableDatabase(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperatorError) return error;
  if (!isDatabaseAway(error) && !mayNotUse(error) && !isDisagreement(error)) return error;
  return new OperatorError(`The database cannot be used: ${reasonOf(error)}. Check DATABASE_URL and the PostgreSQL server that it names.`, {
    code: 'DATABASE_UNUSABLE',
    cause: error,
  });
}

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

const TOO_BUSY = 'TOO_BUSY';

/** So many requests wait for a connection that another one would only wait in vain. */
export class TooBusy extends Error {
  override name = 'TooBusy';
  readonly code = TOO_BUSY;

  constructor() {
    super('too many requests wait for a connection to the database');
  }
}

/** Whether an error says that the database is too busy. MikroORM copies the code to the error it makes of it. */
export const isTooBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === TOO_BUSY;
