import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError } from './operator-error.ts';

/** What may lie in DATA_DIR: the embedded database, who has it, and mails. Anything else in it is left alone. */
const ours = ['pglite', 'pglite.new', 'server.lock', 'server.pid', 'outbox'];

const OTHERS = 0o077;
const STICKY = 0o1000; // as /tmp: shared by all users

/**
 * Makes DATA_DIR if it is missing, takes it and what is ours in it from all users but its owner, and sees that it can be used.
 * New files stay private by the process's umask.
 * @throws OperatorError that says what is wrong and what to do
 */
export function claimFolder(folder: string): void {
  make(folder);
  const root = realpathSync(folder);
  const stats = lstatSync(root);
  if (stats.mode & STICKY || dirname(root) === root)
    throw unusable(`${folder} is a folder that every user of this machine may write to.`, otherFolder(folder));
  claim(root, stats);
  for (const name of readdirSync(root)) if (ours.includes(name)) claimAll(join(root, name));
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw isFile(error) ? unusable(`${folder} is, or is in, a file and no folder.`) : withoutRights(`${folder} cannot be made`, error);
  }
}

function claimAll(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isSymbolicLink()) return; // gone meanwhile, or kept elsewhere
  claim(path, stats);
  if (stats.isDirectory()) for (const name of readdirSync(path)) claimAll(join(path, name));
}

function claim(path: string, { mode, uid }: Stats): void {
  try {
    if (mode & OTHERS) chmodSync(path, mode & ~OTHERS & 0o7777);
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    if (uid !== process.getuid?.()) throw ofAnotherUser(path, uid);
    throw withoutRights(`${path} cannot be written to`, error);
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isFile = (error: unknown): boolean => ['EEXIST', 'ENOTDIR'].includes(codeOf(error));

const ofAnotherUser = (path: string, uid: number): OperatorError =>
  unusable(
    `${path} belongs to another user (uid ${uid}; this one is ${process.getuid?.()}).`,
    'Start as that user, or give DATA_DIR and all in it to this one with `chown -R`.',
  );

const withoutRights = (problem: string, error: unknown): OperatorError =>
  codeOf(error) === 'EROFS'
    ? unusable(`${problem}: the file system is read-only.`)
    : unusable(`${problem} by this user (${codeOf(error)}).`, 'Give it the right to (`chmod -R u+rwX`), or choose another folder.');

const otherFolder = (folder: string): string => `Choose one of its own, such as ${join(folder, 'graphql-token-auth')}.`;

const unusable = (problem: string, advice = 'Choose another folder, or set DATABASE_URL to a PostgreSQL server.'): OperatorError =>
  new OperatorError(`DATA_DIR cannot be used: ${problem} ${advice}`, { code: 'DATABASE_UNUSABLE' });
