import type { ExportReport } from '../../django/export-django.ts';
import type { ImportReport, Problem, TokenCounts } from '../../django/import-report.ts';

/** Rows that are named of each reason. */
const MAX_NAMED = 5;

/** What an import did, for a person. */
export function linesOfImport({ dryRun, users, tokens, knoxTokens, formats, tokensEnded, problems }: ImportReport): string[] {
  return [
    ...(dryRun ? ['Nothing was written. This would happen:'] : []),
    `Users: ${users.read} read, ${listed({
      added: users.new,
      changed: users.changed,
      'as they were': (users.unchanged ?? 0) + (users.adopted ?? 0),
      'deleted here and not brought back': users['deleted-here'],
      'left out': (users['bad-row'] ?? 0) + (users['id-taken'] ?? 0) + (users['username-taken'] ?? 0),
      'gone from Django': users.gone,
    })}`,
    ...(users.kept ? [`  of whom ${users.kept} keep something that was changed both here and in Django`] : []),
    `DRF tokens: ${tokensLine(tokens)}`,
    `knox tokens: ${tokensLine(knoxTokens)}`,
    ...(tokensEnded ? [`Tokens ended, since Django has them no longer: ${tokensEnded}`] : []),
    `Password formats: ${listed(formats)}`,
    ...linesOfProblems(problems),
  ];
}

/** What an export did, for a person. */
export function linesOfExport({ dryRun, users, knoxTokensGiven, tokensEnded, problems }: ExportReport): string[] {
  const leftOut = (users['id-taken'] ?? 0) + (users['username-taken'] ?? 0);
  const counts = { added: users.new, changed: users.changed, 'as they were': users.unchanged };
  return [
    ...(dryRun ? ['Nothing was written. This would happen:'] : []),
    `Users: ${users.read} read, ${listed({ ...counts, 'deleted in Django and not brought back': users['deleted-there'], 'left out': leftOut })}`,
    ...(knoxTokensGiven ? [`knox tokens given back: ${knoxTokensGiven}`] : []),
    ...(tokensEnded ? [`Tokens ended in Django, since they were ended here: ${tokensEnded}`] : []),
    ...linesOfProblems(problems),
  ];
}

const linesOfProblems = (problems: readonly Problem[]): string[] => [
  ...linesUnder(
    'Left out:',
    problems.filter(({ leftOut }) => leftOut),
  ),
  ...linesUnder(
    'Notices:',
    problems.filter(({ leftOut }) => !leftOut),
  ),
];

/** One line a reason, the most frequent first. */
function linesUnder(heading: string, problems: readonly Problem[]): string[] {
  const groups = [...Map.groupBy(problems, ({ table, reason }) => `${labels[table]}: ${reason}`)];
  const lines = groups
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, group]) => `  ${group.length} ${reason}: ${named(group)}`);
  return lines.length === 0 ? [] : [heading, ...lines];
}

function named(problems: readonly Problem[]): string {
  const names = problems.slice(0, MAX_NAMED).map(({ userId, username }) => (username === null ? userId : `${userId} ${shown(username)}`));
  return `${names.join(', ')}${problems.length > MAX_NAMED ? `, … (${problems.length - MAX_NAMED} more; --json lists all)` : ''}`;
}

/** A name may hold anything, what steers a terminal among it. */
const shown = (username: string): string => JSON.stringify(username.slice(0, 60)).slice(1, -1);

const labels = { user: 'of users', token: 'of DRF tokens, by user', knox: 'of knox tokens, by user' };

const tokensLine = (counts: TokenCounts): string =>
  `${counts.read} read, ${listed({
    added: counts.new,
    prolonged: counts.prolonged,
    'as they were': counts.unchanged,
    'ended here before': counts['ended-here'],
    'expired, left behind': counts.expired,
    'left out': (counts['bad-row'] ?? 0) + (counts['digest-taken'] ?? 0) + (counts['user-left-out'] ?? 0),
  })}`;

/** As in "3 added, 1 changed"; what did not occur is not said. */
function listed(counts: Record<string, number | undefined>): string {
  const present = Object.entries(counts).filter(([, count]) => count);
  return present.length === 0 ? 'nothing to do' : present.map(([what, count]) => `${count} ${what}`).join(', ');
}
