import type { SuperuserSettings } from '../../config/command-settings.ts';
import type { UsernameAlphabet } from '../../config/usernames.ts';
import type { NewSuperuser } from '../../features/staff/create-superuser.ts';
import { normaliseEmail, problemsOfEmail } from '../../features/users/email.ts';
import { normaliseProfile, type Profile } from '../../features/users/profile.ts';
import type { UserRepository } from '../../features/users/user.repository.ts';
import { normaliseUsername, problemsOfUsername } from '../../features/users/username.ts';
import { isHashable, type PasswordOwner } from '../../services/passwords/policy.ts';
import type { Problem } from '../../shared/field-errors.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Terminal } from '../console/terminal.ts';
import { type PasswordRules, passwordProblems } from './password-rules.ts';

// The sentences of this and the neighbouring files are those of Django's createsuperuser, so that people and scripts know them.
const BLANK_USERNAME = 'Username cannot be blank.';
export const USERNAME_TAKEN = 'Error: That username is already taken.';
const BLANK_PASSWORD = "Error: Blank passwords aren't allowed.";

/** What speaks against the form of a username, or null. */
const problemWithUsername = (username: string, alphabet: UsernameAlphabet): string | null =>
  describe(problemsOfUsername(normaliseUsername(username), alphabet));

/** What speaks against an email address, or null; none at all is fine. */
const problemWithEmail = (email: string): string | null => describe(problemsOfEmail(normaliseEmail(email)));

/** Several problems with one answer as one sentence; null when there are none. */
function describe(problems: readonly Problem[]): string | null {
  return problems.length === 0 ? null : `Error: ${problems.map(({ message }) => message).join('; ')}`;
}

/** The profile of a superuser, who is not asked for names. */
const superuserProfile = (username: string, email: string): Profile => normaliseProfile({ username, email, firstName: '', lastName: '' });

type PasswordDeps = { terminal: Terminal; rules: PasswordRules };
type Deps = PasswordDeps & { users: UserRepository; usernames: UsernameAlphabet };

/** What options already say. */
export type Given = Pick<SuperuserSettings, 'username' | 'email'>;

/** Asks for what is not given, again and again until it is right. */
export async function askSuperuser({ users, usernames, ...deps }: Deps, given: Given): Promise<NewSuperuser> {
  if (given.username === '') throw new OperatorError(BLANK_USERNAME);
  const isTaken = (username: string) => users.isTaken(normaliseUsername(username));
  const findProblem: FindProblem = async (answer) =>
    problemWithUsername(answer, usernames) ?? ((await isTaken(answer)) ? USERNAME_TAKEN : null);
  const username = await ask(deps.terminal, 'Username: ', given.username, findProblem);
  const email = await ask(deps.terminal, 'Email address: ', given.email, problemWithEmail);
  const profile = superuserProfile(username, email);
  return { profile, password: await askPassword(deps, profile) };
}

type FindProblem = (answer: string) => string | null | Promise<string | null>;

async function ask(terminal: Terminal, question: string, given: string | undefined, findProblem: FindProblem): Promise<string> {
  const answer = given ?? (await terminal.ask(question));
  const problem = await findProblem(answer);
  if (problem === null) return answer;
  terminal.complain(problem);
  return ask(terminal, question, undefined, findProblem);
}

async function askPassword(deps: PasswordDeps, owner: PasswordOwner): Promise<string> {
  const password = await deps.terminal.askHidden('Password: ');
  const again = await deps.terminal.askHidden('Password (again): ');
  const problem = problemWithAnswers(password, again);
  if (problem !== null) deps.terminal.complain(problem);
  else if (await mayHave(deps, password, owner)) return password;
  return askPassword(deps, owner);
}

function problemWithAnswers(password: string, again: string): string | null {
  if (password !== again) return "Error: Your passwords didn't match.";
  return password.trim() === '' ? BLANK_PASSWORD : null;
}

/** A bad password may be insisted on, as in Django, but not in production; one that cannot be hashed nowhere. */
async function mayHave({ terminal, rules }: PasswordDeps, password: string, owner: PasswordOwner): Promise<boolean> {
  const problems = passwordProblems(password, owner, rules);
  if (problems.length === 0) return true;
  for (const problem of problems) terminal.complain(problem);
  if (!rules.mayInsist || !isHashable(password)) return false;
  const answer = await terminal.ask('Bypass password validation and create user anyway? [y/N]: ');
  return answer.toLowerCase() === 'y';
}

type Rules = { readonly rules: PasswordRules; readonly usernames: UsernameAlphabet };

/**
 * The superuser that options and environment describe, for `--noinput`. Without a password the account cannot log in.
 * @throws OperatorError for what is missing, cannot be stored or, unlike in Django, is a weak password
 */
export function givenSuperuser({ username, email, password }: SuperuserSettings, { rules, usernames }: Rules): NewSuperuser {
  if (username === undefined) throw new OperatorError('You must use --username with --noinput, or set SUPERUSER_USERNAME.');
  if (username === '') throw new OperatorError(BLANK_USERNAME);
  if (email === undefined) throw new OperatorError('You must use --email with --noinput, or set SUPERUSER_EMAIL; empty means none.');
  refuse(problemWithUsername(username, usernames));
  refuse(problemWithEmail(email));
  const profile = superuserProfile(username, email);
  if (password === undefined) return { profile, password: null };
  if (password.trim() === '') throw new OperatorError(BLANK_PASSWORD);
  const details = passwordProblems(password, profile, rules);
  if (details.length > 0) throw new OperatorError(`Error: ${details.join('; ')}`, { code: 'PASSWORD_REFUSED', details });
  return { profile, password };
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new OperatorError(problem);
}
