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
import { tokenArrays } from './merge-tokens.ts';
import { userArrays } from './merge-users.ts';
import type { Batch } from './snapshot.ts';

/** What of a batch can be stored, ready for the merge. */
export type Checked = { readonly users: readonly string[]; readonly tokens: readonly string[] };

/** Sorts out what cannot be stored, and what has expired; counts all and says why. */
export function checkBatch({ users, tokens, knoxTokens }: Batch, report: ImportReport): Checked {
  const ids = new Set(users.map(({ id }) => id));
  const kept: StagedToken[] = [];
  const marks = new Map<string, string[]>();
  for (const token of tokens) keep(token, stageDrfToken(token), false);
  for (const token of knoxTokens) keep(token, stageKnoxToken(token), token.is_expired);
  return { users: userArrays(checkUsers(users, marks, report)), tokens: tokenArrays(kept) };

  function keep({ user_id: userId }: { user_id: string }, staged: StagedToken | RefusedToken, isExpired: boolean): void {
    const counts = staged.kind === 'token' ? report.tokens : report.knoxTokens;
    count(counts, 'read');
    if ('problem' in staged || !ids.has(userId)) {
      count(counts, 'bad-row');
      report.problems.push({ table: staged.kind, userId, reason: 'problem' in staged ? staged.problem : 'there is no such user' });
      return;
    }
    remember(marks, userId, staged.mark);
    if (isExpired) count(counts, 'expired');
    else kept.push(staged);
  }
}

function remember(marks: Map<string, string[]>, userId: string, mark: string): void {
  const known = marks.get(userId);
  if (known) known.push(mark);
  else marks.set(userId, [mark]);
}

function checkUsers(users: Batch['users'], marks: ReadonlyMap<string, readonly string[]>, report: ImportReport): StagedUser[] {
  const staged: StagedUser[] = [];
  for (const user of users) {
    count(report.users, 'read');
    const problem = problemOfUser(user);
    const reason = problem ?? obstacleOfUser(user);
    if (reason !== null) report.problems.push({ table: 'user', userId: user.id, reason });
    if (problem !== null) {
      count(report.users, 'bad-row');
      continue;
    }
    count(report.formats, formatOf(user.password));
    staged.push(stageUser(user, marks.get(user.id) ?? []));
  }
  return staged;
}
