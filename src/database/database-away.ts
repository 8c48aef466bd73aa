// Node's own codes, and PostgreSQL's classes: 08 connection, 53300 too many connections, 57P01–3 shutting down or starting.
const awayCode = /^(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|08...|53300|57P0[1-3])$/;
// node-postgres gives these no code.
const awayMessage = /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated)/;

/** Whether an error means that the database cannot be reached now, rather than that a query is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && awayCode.test(String(error.code))) return true;
  return awayMessage.test(error.message) || isDatabaseAway(error.cause);
}
