import { loadNewPassword } from '../config/command-settings.ts';
import { OperatorError } from '../operator-error.ts';
import { type PasswordOwner, type PasswordPolicy, problemsOfPassword } from '../passwords/policy.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';

const TRIES = 3; // as Django's changepassword, whose sentences these are
const LONGEST = 64 * 1024; // bytes on standard input; a password is much shorter

/** Asks twice for a password that will do. @throws OperatorError after the third try */
export async function askNewPassword(terminal: Terminal, owner: PasswordOwner, policy: PasswordPolicy): Promise<string> {
  for (let n = 0; n < TRIES; n++) {
    const password = await terminal.askHidden('Password: ');
    if (password === '') throw new OperatorError('aborted', { code: 'CANCELLED' });
    const isRepeated = password === (await terminal.askHidden('Password (again): '));
    const problems = isRepeated ? problemsOf(password, owner, policy) : ['Passwords do not match. Please try again.'];
    if (problems.length === 0) return password;
    terminal.complain(problems.join('\n'));
  }
  throw new OperatorError(`Aborting password change for user '${owner.username}' after ${TRIES} attempts`, { code: 'PASSWORD_REFUSED' });
}

/** Sees that a password that a script gives will do. @throws OperatorError with everything that speaks against it */
export function checkNewPassword(password: string, owner: PasswordOwner, policy: PasswordPolicy): string {
  const details = problemsOf(password, owner, policy);
  if (details.length > 0) throw new OperatorError(details.join('\n'), { code: 'PASSWORD_REFUSED', details });
  return password;
}

const problemsOf = (password: string, owner: PasswordOwner, policy: PasswordPolicy): string[] =>
  problemsOfPassword(password, owner, policy).map(({ message }) => message);

/** The password that a script gives: NEW_PASSWORD, else standard input without the line end. @throws OperatorError when there is neither */
export async function readNewPassword({ env, stdin }: Shell): Promise<string> {
  const given = loadNewPassword(env);
  if (given !== undefined) return given;
  if (stdin.isTTY) throw new OperatorError('With --noinput, set NEW_PASSWORD or send the password to standard input.');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > LONGEST) throw new OperatorError('Standard input is too long for a password.', { code: 'PASSWORD_REFUSED' });
  }
  return decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
}

/** Strictly: other bytes would all become one character, and so another password. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new OperatorError('Standard input is not UTF-8.', { code: 'PASSWORD_REFUSED' });
  }
}
