import { codeOf, isDistrust, OperatorError, reasonOf } from '../shared/operator-error.ts';
import { isDatabaseAway } from './database-away.ts';

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
