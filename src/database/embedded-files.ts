import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../shared/operator-error.ts';

/** The major version of PostgreSQL in PGlite, which reads no files of another one. */
export const EMBEDDED_VERSION = '18';

/** Sees that PGlite can read the files of a database. @throws OperatorError that says what to do when it cannot */
export function checkVersion(folder: string): void {
  const version = versionOf(folder);
  if (version === null || version === EMBEDDED_VERSION) return;
  throw new OperatorError(
    `The embedded database in ${folder} was made by PostgreSQL ${version}, and this version of the server brings ${EMBEDDED_VERSION}. ` +
      'Start the version that made it, or take its data along: docs/operations.md, “A new major version of the embedded database”.',
    { code: 'DATABASE_UNUSABLE' },
  );
}

/** Null: there is no database yet. */
function versionOf(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return null;
  }
}

/** PGlite's own errors say little: a file it may not read, or one that is broken, is "Aborted()". */
export const doesNotOpen = (folder: string, cause: unknown): OperatorError =>
  new OperatorError(
    `The embedded database in ${folder} does not open: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      'Restore a backup of that folder, or choose another DATA_DIR.',
    { code: 'DATABASE_UNUSABLE', cause },
  );
