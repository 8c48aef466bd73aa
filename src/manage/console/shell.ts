import type { Readable, Writable } from 'node:stream';
import { CommanderError } from 'commander';
import type { Environment } from '../../config/variable.ts';
import type { Database, DatabaseOptions } from '../../database/database.ts';
import type { Feature } from '../../shared/feature.ts';
import { OperatorError } from '../../shared/operator-error.ts';

/** What surrounds a command: a process, or a test. */
export type Surroundings = {
  /** What the server is made of. */
  readonly features: readonly Feature[];
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly openDatabase: (options: DatabaseOptions) => Promise<Database>;
};

/** What a command did or found out: for people, and the same for scripts. */
export type Report = {
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  /** What was asked for is not so, and the exit code says it. */
  readonly failed?: boolean;
};

/** What a command works with. */
export type Shell = Surroundings & {
  /** Whether standard output is to be one JSON object and nothing else. */
  readonly json: boolean;
  /** Says how it ended. A command reports once. */
  readonly report: (report: Report) => void;
};

/** For every command that reports something. */
export const jsonOption = ['--json', 'print one JSON object, for scripts'] as const;

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
