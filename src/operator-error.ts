/** Something the operator has to mend. The message says what and how; programs print it alone and exit with 1. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

/** Prints why a program ends: a sentence for the operator, the stack of anything else. */
export function reportFatal(error: unknown): void {
  const isBug = !(error instanceof OperatorError) && error instanceof Error;
  process.stderr.write(`${isBug ? error.stack : String(error instanceof Error ? error.message : error)}\n`);
}
