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
