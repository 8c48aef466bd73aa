import {
  formatOf,
  obstacleOfUser,
  problemOfUser,
  type RefusedToken,
  type StagedToken,
  type StagedUser,
  stageDrfToken,
  stageKnoxToken,
  stageUser,
} from './check-rows.ts';
import { count, type ImportReport } from './import-report.ts';
import type { Batch } from './snapshot.ts';
import { tokenArrays, userArrays } from './staged-rows.ts';

/** What of a batch can be stored, ready for the merge. */
export type Checked = {
  /** The parameters of a statement, as are the tokens. */
  readonly users: readonly string[];
  readonly tokens: readonly string[];
  /** How many there are of each. */
  readonly sizes: { readonly user: number; readonly token: number; readonly knox: number };
};

/** Sorts out what cannot be stored, and what has expired; counts all and says why. */
export function checkBatch({ users, tokens, knoxTokens }: Batch, report: ImportReport): Checked {
  const problems = new Map(users.map((user) => [user.id, problemOfUser(user)]));
  const usernames = new Map(users.map(({ id, username }) => [id, username]));
  const kept: StagedToken[] = [];
  const marks = new Map<string, string[]>();
  for (const token of tokens) keep(token, stageDrfToken(token), false);
  for (const token of knoxTokens) keep(token, stageKnoxToken(token), token.is_expired);
  const staged = checkUsers(users, { problems, marks, report });
  const ofDrf = kept.filter(({ kind }) => kind === 'token').length;
  const sizes = { user: staged.length, token: ofDrf, knox: kept.length - ofDrf };
  return { users: userArrays(staged), tokens: tokenArrays(kept), sizes };

  function keep({ user_id: userId }: { user_id: string }, staged: StagedToken | RefusedToken, isExpired: boolean): void {
    const counts = staged.kind === 'token' ? report.tokens : report.knoxTokens;
    count(counts, 'read');
    if ('problem' in staged || !problems.has(userId)) {
      count(counts, 'bad-row');
      const reason = 'problem' in staged ? staged.problem : 'there is no such user';
      report.problems.push({ table: staged.kind, userId, username: usernames.get(userId) ?? null, reason, leftOut: true });
      return;
    }
    remember(marks, userId, staged.mark);
    if (problems.get(userId)) count(counts, 'user-left-out');
    else if (isExpired) count(counts, 'expired');
    else kept.push(staged);
  }
}

function remember(marks: Map<string, string[]>, userId: string, mark: string): void {
  const known = marks.get(userId);
  if (known) known.push(mark);
  else marks.set(userId, [mark]);
}

type Findings = {
  /** By id; null for users who can be stored. */
  readonly problems: ReadonlyMap<string, string | null>;
  /** Of their tokens, by id. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
  readonly report: ImportReport;
};

function checkUsers(users: Batch['users'], { problems, marks, report }: Findings): StagedUser[] {
  const staged: StagedUser[] = [];
  for (const user of users) {
    count(report.users, 'read');
    const problem = problems.get(user.id) ?? null;
    const reason = problem ?? obstacleOfUser(user);
    const { id: userId, username } = user;
    if (reason !== null) report.problems.push({ table: 'user', userId, username, reason, leftOut: problem !== null });
    if (problem !== null) {
      count(report.users, 'bad-row');
      continue;
    }
    count(report.formats, formatOf(user.password));
    staged.push(stageUser(user, marks.get(user.id) ?? []));
  }
  return staged;
}
