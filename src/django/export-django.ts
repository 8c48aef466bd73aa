import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { withDjango } from './django-database.ts';
import { findTarget, type Target } from './export-target.ts';
import { readUsers, surveyUsers } from './exported-user.ts';
import type { Fills } from './fills.ts';
import type { Progress } from './import-report.ts';
import { count, type Problem } from './import-report.ts';
import type { TableNames } from './tables.ts';
import { type Back, type BackVerdict, moveSequence, stageBack, whichExist, writeTokens, writeUsers } from './write-back.ts';

/** What an export did, or, `dryRun`, would do. */
export type ExportReport = {
  readonly dryRun: boolean;
  readonly users: Partial<Record<BackVerdict, number>> & { read: number };
  /** Tokens that knox issued and has again. */
  knoxTokensGiven: number;
  /** Tokens that were ended here and are now ended there. */
  tokensEnded: number;
  readonly problems: Problem[];
};

type Deps = { readonly em: EntityManager; readonly progress: Progress };

/** Where users are written to. */
export type ExportOrder = {
  /** The URL of a Django database in PostgreSQL that has its tables already. */
  readonly to: string;
  readonly names: TableNames;
  readonly fills?: Fills;
  /** Do all of it, and undo it at the end. */
  readonly dryRun: boolean;
  /** Users in a batch. */
  readonly size?: number;
};

const NO_FILLS: Fills = { user: new Map(), knox: new Map() };

/**
 * Writes users back to Django, with their password hashes, which are in formats of Django's own; all or nothing.
 * @throws OperatorError when the Django database cannot be written
 */
export function exportDjango(
  { em, progress }: Deps,
  { to, names, fills = NO_FILLS, dryRun, size = 2000 }: ExportOrder,
): Promise<ExportReport> {
  const report: ExportReport = { dryRun, users: { read: 0 }, knoxTokensGiven: 0, tokensEnded: 0, problems: [] };
  const snapshot = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
  const work = (here: EntityManager) =>
    withDjango(
      to,
      'begin isolation level read committed read write',
      async (there) => {
        await there.run('set constraints all immediate'); // Django defers its own: what they refuse is to be known in time
        const target = await findTarget(there, names, fills);
        const { total, deleted } = await surveyUsers(here);
        progress.start(total);
        for (let users = await readUsers(here, '0', size); users.length > 0; users = await readUsers(here, users.at(-1)?.id ?? '', size)) {
          const staged = await stageBack(target, users);
          for (const user of staged) note(report, user);
          await writeUsers(target, staged);
          const tokens = await writeTokens(target);
          report.knoxTokensGiven += tokens.given;
          report.tokensEnded += tokens.ended;
          progress.advance(users.length);
        }
        if (!dryRun) await moveSequence(target); // which no transaction undoes
        await noteDeleted(report, target, deleted);
        return report;
      },
      dryRun ? 'rollback' : 'commit',
    );
  return em.fork().transactional(work, snapshot).finally(progress.stop);
}

const reasons: Partial<Record<BackVerdict, string>> = {
  'id-taken': 'another account has this id in Django',
  'username-taken': 'another account has this username in Django',
  'deleted-there': 'deleted in Django, and not brought back: delete them here',
};

function note({ users, problems }: ExportReport, { id: userId, username, verdict, hidden }: Back): void {
  count(users, 'read');
  count(users, verdict);
  const reason = reasons[verdict];
  if (reason) problems.push({ table: 'user', userId, username, reason, leftOut: verdict !== 'deleted-there' });
  else if (hidden) problems.push({ table: 'user', userId, username, reason: hiddenReason(hidden), leftOut: true });
}

const hiddenReason = ({ field, with: other }: NonNullable<Back['hidden']>): string =>
  `${field} differs from ${other}, and Django has one column for both: ${isFlag(field) ? 'neither is set there' : `${other} was written`}`;

const isFlag = (field: string): boolean => field.startsWith('is_');

async function noteDeleted({ problems }: ExportReport, target: Target, deleted: readonly number[]): Promise<void> {
  for (const { id, username } of await whichExist(target, deleted)) {
    problems.push({ table: 'user', userId: id, username, reason: 'deleted here, and still in Django: delete them there', leftOut: false });
  }
}
