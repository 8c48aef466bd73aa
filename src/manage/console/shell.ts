import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../../config/variable.ts';
import type { Database, DatabaseOptions } from '../../database/database.ts';
import type { Feature } from '../../shared/feature.ts';

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
