import { CommanderError } from 'commander';
import { GraphQLError } from 'graphql';
import { explainUnusableDatabase } from '../database/database-errors.ts';
import { asTyped } from '../shared/as-typed.ts';
import { Refused } from '../shared/field-errors.ts';
import { explainFatal, OperatorError } from '../shared/operator-error.ts';
import type { Report, Shell, Surroundings } from './console/shell.ts';
import { AlreadyReported, errorFacts } from './console/shell.ts';
import { type AddCommand, createProgram } from './program.ts';

/**
 * Runs one command.
 * @param args as typed behind `npm run manage`
 * @param more commands besides those that look after an installation
 * @returns the exit code: 0 done, 1 not done, 2 wrong usage
 */
export async function runManage(args: readonly string[], surroundings: Surroundings, more: readonly AddCommand[] = []): Promise<number> {
  const json = args.includes('--json');
  let code = 0;
  const report = ({ lines, facts, failed = false }: Report) => {
    const text = json ? [JSON.stringify(facts)] : lines;
    surroundings.stdout.write(asTyped(text.map((line) => `${line}\n`).join('')));
    if (failed) code = 1;
  };
  const shell: Shell = { ...surroundings, json, report };
  try {
    await createProgram(shell, more).parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    return fail(shell, explainUnusableDatabase(explainRefusal(thrown)));
  }
}

/** What a hook of the app refused, in its own words; hands on any other error. */
function explainRefusal(error: unknown): unknown {
  const isRefusal = error instanceof Refused || (error instanceof GraphQLError && error.extensions.code !== undefined);
  return isRefusal ? new OperatorError(error.message, { cause: error }) : error;
}

/** Says what went wrong, unless that was done: commander explains wrong usage, and throws to end after help, too. */
function fail({ json, stderr, report }: Shell, error: unknown): number {
  if (error instanceof AlreadyReported) return 1;
  const isUsage = error instanceof CommanderError;
  if (isUsage && error.exitCode === 0) return 0;
  if (json) report({ lines: [], facts: { error: errorFacts(error) } });
  if (!isUsage && !(json && error instanceof OperatorError)) stderr.write(asTyped(explainFatal(error)));
  return isUsage ? 2 : 1;
}
