import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../shared/operator-error.ts';
import { claimFolder } from '../shared/private-folder.ts';

export type DirectoryLock = { release(): void };

/**
 * Makes this process the only one to use `directory`: PGlite itself takes no lock, two processes lose each other's rows.
 * SQLite's file lock does it, the one lock Node can ask of the system: it ends with its process, however that dies,
 * so there is nothing stale to take over and no race for who does.
 * @throws OperatorError at once when another process has it, and when the folder cannot be used
 */
export function lockDirectory(directory: string): DirectoryLock {
  claimFolder(directory);
  const pidFile = join(directory, 'server.pid');
  const lockFile = join(directory, 'server.lock');
  closeSync(openSync(lockFile, 'a', 0o600)); // SQLite would let others read it
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw new OperatorError(
      `The embedded database in ${directory} is in use by process ${readFileSync(pidFile, 'utf8').trim()}. ` +
        'Stop that process first, or set DATABASE_URL to a PostgreSQL server, which many processes can share.',
      { code: 'DATABASE_IN_USE', cause: error },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => lock.close() };
}

/** The major version of PostgreSQL in PGlite, which reads no files of another one. */
const EMBEDDED_VERSION = '18';

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
