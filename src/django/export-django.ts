import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { findTables, withDjango } from './django-database.ts';
import { readUsers, surveyUsers } from './exported-user.ts';
import { count, type Problem } from './import-report.ts';
import type { Progress } from './progress.ts';
import type { TableNames } from './tables.ts';
import { type BackVerdict, moveSequence, stageBack, whichExist, writeTokens, writeUsers } from './write-back.ts';

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

/** @param to the URL of a Django database that has its tables already */
type Order = { readonly to: string; readonly names: TableNames; readonly dryRun: boolean; readonly size?: number };

const reasons = {
  'id-taken': 'somebody else has this id in Django',
  'username-taken': 'somebody else has this username in Django',
} as const;

/**
 * Writes users back to Django, with their password hashes, which are in formats of Django's own; all or nothing.
 * @throws OperatorError when the Django database cannot be written
 */
export function exportDjango({ em, progress }: Deps, { to, names, dryRun, size = 2000 }: Order): Promise<ExportReport> {
  const report: ExportReport = { dryRun, users: { read: 0 }, knoxTokensGiven: 0, tokensEnded: 0, problems: [] };
  const snapshot = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
  const work = (here: EntityManager) =>
    withDjango(to, 'begin isolation level read committed', async (there) => {
      const tables = await findTables(there, names);
      const { total, deleted } = await surveyUsers(here);
      progress.start(total);
      for (let users = await readUsers(here, '0', size); users.length > 0; users = await readUsers(here, users.at(-1)?.id ?? '', size)) {
        for (const { id, verdict } of await stageBack(there, tables, users)) note(report, id, verdict);
        if (!dryRun) await writeUsers(there, tables);
        const tokens = dryRun ? { given: 0, ended: 0 } : await writeTokens(there, tables);
        report.knoxTokensGiven += tokens.given;
        report.tokensEnded += tokens.ended;
        progress.advance(users.length);
      }
      if (!dryRun) await moveSequence(there, tables);
      for (const userId of await whichExist(there, tables, deleted)) {
        report.problems.push({ table: 'user', userId, reason: 'deleted here, and still in Django: delete them there' });
      }
      return report;
    });
  return em.fork().transactional(work, snapshot).finally(progress.stop);
}

function note(report: ExportReport, userId: string, verdict: BackVerdict): void {
  count(report.users, 'read');
  count(report.users, verdict);
  if (verdict === 'id-taken' || verdict === 'username-taken') report.problems.push({ table: 'user', userId, reason: reasons[verdict] });
}
