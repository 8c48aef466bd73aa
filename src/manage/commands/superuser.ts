import type { SuperuserSettings } from '../../config/command-settings.ts';
import type { UsernameAlphabet } from '../../config/usernames.ts';
import type { NewSuperuser } from '../../features/staff/create-superuser.ts';
import type { UserRepository } from '../../features/users/user.repository.ts';
import { normaliseUsername } from '../../features/users/username.ts';
import { isHashable, type PasswordOwner } from '../../services/passwords/policy.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Terminal } from '../console/terminal.ts';
import { type PasswordRules, passwordProblems } from './password-rules.ts';
import {
  BLANK_PASSWORD,
  BLANK_USERNAME,
  problemWithEmail,
  problemWithUsername,
  superuserProfile,
  USERNAME_TAKEN,
} from './superuser-checks.ts';

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
