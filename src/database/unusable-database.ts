import { OperatorError } from '../operator-error.ts';
import { isDatabaseAway } from './database-away.ts';

// PostgreSQL's classes 28, it does not let us in, and 3D, it has no such database.
const wrongUrl = /^(28|3D)...$/;

/** Turns the failure to get through to a database into a sentence for the operator; hands on any other error. */
export function explainUnusableDatabase(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!isDatabaseAway(error) && !wrongUrl.test(code)) return error;
  const reason = error.message || code; // Node's error for a name with several addresses has no message
  return new OperatorError(`The database cannot be used: ${reason}. Check DATABASE_URL, and that PostgreSQL runs there.`, { cause: error });
}
