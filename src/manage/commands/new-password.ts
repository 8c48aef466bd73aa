import { loadNewPassword } from '../../config/commands.ts';
import type { PasswordOwner } from '../../services/passwords/policy.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Shell } from '../console/shell.ts';
import type { Terminal } from '../console/terminal.ts';
import { type PasswordRules, passwordProblems } from './password-rules.ts';

const TRIES = 3; // as Django's changepassword, whose sentences these are
const LONGEST = 64 * 1024; // bytes on standard input; a password is much shorter

/** Asks twice for a password that will do. @throws OperatorError after the third try */
export async function askNewPassword(terminal: Terminal, owner: PasswordOwner, rules: PasswordRules): Promise<string> {
  for (let n = 0; n < TRIES; n++) {
    const password = await terminal.askHidden('Password: ');
    if (password === '') throw new OperatorError('aborted', { code: 'CANCELLED' });
    const isRepeated = password === (await terminal.askHidden('Password (again): '));
    const problems = isRepeated ? passwordProblems(password, owner, rules) : ['Passwords do not match. Please try again.'];
    if (problems.length === 0) return password;
    terminal.complain(problems.join('\n'));
  }
  throw new OperatorError(`Aborting password change for user '${owner.username}' after ${TRIES} attempts`, { code: 'PASSWORD_REFUSED' });
}

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
