import { CommanderError } from 'commander';
import { OperatorError } from '../../shared/operator-error.ts';

/** Ends a command that has put its error into what it printed. */
export class AlreadyReported extends Error {
  override name = 'AlreadyReported';
}

/** An error for scripts. What is no sentence of ours may hold a statement with its values, and stays out. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (error instanceof CommanderError) return { code: 'WRONG_USAGE', message: usageProblem(error) };
  if (!(error instanceof OperatorError)) return { code: 'INTERNAL_ERROR', message: 'Unexpected error.' };
  const { code, message, details } = error;
  return { code, message: message.trim(), ...(details.length > 0 && { details }) };
}

const usageProblem = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'No command was given.' : message.replace(/^error: /, '');
