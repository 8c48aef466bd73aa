/** What went wrong, for scripts. */
export type OperatorErrorCode =
  | 'CANCELLED'
  | 'CONFIGURATION_INVALID'
  | 'DATABASE_IN_USE'
  | 'DATABASE_UNUSABLE'
  | 'FAILED'
  | 'NOT_A_TERMINAL'
  | 'NOT_MIGRATED'
  | 'PASSWORD_REFUSED'
  | 'USERNAME_TAKEN'
  | 'USER_NOT_FOUND';

type Options = {
  /** `FAILED` by default. */
  readonly code?: OperatorErrorCode;
  /** Several mistakes, one by one. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
};

/** Something the operator has to mend. The message says what and how; programs print it alone and exit with 1. */
export class OperatorError extends Error {
  override name = 'OperatorError';
  readonly code: OperatorErrorCode;
  readonly details: readonly string[];

  constructor(message: string, { code = 'FAILED', details = [], cause }: Options = {}) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }
}

/** The code of Node, or of PostgreSQL; empty when there is none. */
export const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** What went wrong, in the words of the error. Node's error for a name with several addresses has no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reason = error.message || codeOf(error);
  return isDistrust(error) ? `${reason}; ${TRUST}` : reason;
}

const TRUST = 'name the authority with sslrootcert=<file>, or write sslmode=no-verify to encrypt without asking who is there';

const distrust =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/;

/** Whether a certificate did not convince. */
export const isDistrust = (error: Error): boolean => distrust.test(codeOf(error));

/** Why a program ends: a sentence for the operator, the stack of anything else. */
export function explainFatal(error: unknown): string {
  const isBug = !(error instanceof OperatorError) && error instanceof Error;
  return `${isBug ? error.stack : String(error instanceof Error ? error.message : error)}\n`;
}
