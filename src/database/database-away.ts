// Node's own codes, and PostgreSQL's: class 08 connection, 3D000 no such database, 53300 too many connections, 57P01–3 shutting down.
const awayCode = /^(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|08...|3D000|53300|57P0[1-3])$/;
// node-postgres and PGlite give these no code.
const awayMessage = /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|PGlite is closed)/;

/** Whether an error means that the database cannot be reached now, rather than that a query is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && awayCode.test(String(error.code))) return true;
  return awayMessage.test(error.message) || isDatabaseAway(error.cause);
}
