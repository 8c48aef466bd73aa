import { OperatorError } from '../operator-error.ts';
import { isDatabaseAway } from './database-away.ts';

// PostgreSQL's class 28, it does not let us in; 3D000, there is no such database; 42501, we may do less than we need.
const notAllowed = /^(28...|3D000|42501)$/;

/** Turns the failure to get through to a database into a sentence for the operator; hands on any other error. */
export function explainUnusableDatabase(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperatorError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!isDatabaseAway(error) && !notAllowed.test(code)) return error;
  const reason = error.message || code; // Node's error for a name with several addresses has no message
  return new OperatorError(`The database cannot be used: ${reason}. Check DATABASE_URL and the PostgreSQL server that it names.`, {
    code: 'DATABASE_UNUSABLE',
    cause: error,
  });
}
