/** Something the operator has to mend. The message says what and how; programs print it alone and exit with 1. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

/** Why a program ends: a sentence for the operator, the stack of anything else. */
export function explainFatal(error: unknown): string {
  const isBug = !(error instanceof OperatorError) && error instanceof Error;
  return isBug && error.stack ? error.stack : String(error instanceof Error ? error.message : error);
}

/** Prints why a program ends. */
export function reportFatal(error: unknown): void {
  process.stderr.write(`${explainFatal(error)}\n`);
}
