import type { EntityManager } from '@mikro-orm/sql';
import { checkBatch } from './check-batch.ts';
import { MAX_ID } from './check-rows.ts';
import type { Progress } from './import-report.ts';
import { count, emptyReport, type ImportReport, type Problem } from './import-report.ts';
import { type Merged, mergeBatch } from './merge-batch.ts';
import { reserveIds } from './merge-users.ts';
import { withSnapshot } from './snapshot.ts';
import type { TableNames } from './tables.ts';

type Deps = { readonly em: EntityManager; readonly progress: Progress };

/** What to take over. */
export type ImportOrder = {
  /** The URL of the Django database: of PostgreSQL, or `sqlite:` and a path. */
  readonly from: string;
  readonly names: TableNames;
  /** Only users who joined, logged in or got a token since; null: all users. */
  readonly since: string | null;
  /** Find out and report what would happen, and write nothing. */
  readonly dryRun: boolean;
  /** Users in a batch, which is written whole or not at all. */
  readonly size?: number;
};

/**
 * Takes over users and tokens of a live Django database, as it is at one moment. May be interrupted and run again: what
 * changed in Django since follows, what was changed here stays.
 * @throws OperatorError when the Django database cannot be read
 */
export function importDjango({ em, progress }: Deps, { from, dryRun, size = 5000, ...order }: ImportOrder): Promise<ImportReport> {
  return withSnapshot(from, { ...order, size }, async ({ total, highestId, batches }) => {
    const report = emptyReport(dryRun);
    if (!dryRun) await reserveIds(em.fork(), highestId);
    if (Number(highestId) > HIGH_ID) report.problems.push(nearlyUsedUp(highestId));
    progress.start(total);
    const merging = new Set<Promise<void>>();
    try {
      for await (const batch of batches()) {
        const checked = checkBatch(batch, report); // while the batches before are being written
        if (merging.size === WRITERS) await Promise.race(merging);
        const scope = { range: order.since === null ? batch.range : null, there: batch.users.map(({ id }) => id), dryRun };
        const merged = mergeBatch(em, checked, scope).then((outcome) => {
          add(report, outcome);
          progress.advance(batch.users.length);
          merging.delete(merged);
        });
        merging.add(merged); // and stays there when it fails: the next wait throws
        merged.catch(() => {});
      }
      await Promise.all(merging);
    } finally {
      await Promise.allSettled(merging);
      progress.stop();
    }
    return report;
  });
}

/** An id that leaves fewer than a hundred million for those who come after. */
const HIGH_ID = MAX_ID - 100_000_000;

const nearlyUsedUp = (highest: string): Problem => ({
  table: 'user',
  userId: highest,
  username: null,
  reason: `the id is so high that ${MAX_ID - Number(highest)} are left for new accounts here`,
  leftOut: false,
});

/** Batches that are written at once. */
const WRITERS = 2;

const GONE = 'no longer in Django, and still here: delete or deactivate them';
const reasons: Record<string, string> = {
  'id-taken': 'another account has this id here',
  'username-taken': 'another account has this username here',
};

function add(report: ImportReport, { users, tokens, ended, gone }: Merged): void {
  for (const { verdict, count: by } of users.counts) count(report.users, verdict, by);
  for (const { kind, verdict, count: by } of tokens.counts) count(kind === 'token' ? report.tokens : report.knoxTokens, verdict, by);
  count(report.users, 'kept', users.kept);
  count(report.users, 'gone', gone.length);
  report.tokensEnded += ended;
  for (const { id, username, verdict } of users.refused)
    report.problems.push({ table: 'user', userId: String(id), username, reason: reasons[verdict] ?? verdict, leftOut: true });
  for (const { kind, user_id, username } of tokens.refused)
    report.problems.push({ table: kind, userId: String(user_id), username, reason: 'another account has this key here', leftOut: true });
  for (const { id, username } of gone) report.problems.push({ table: 'user', userId: String(id), username, reason: GONE, leftOut: false });
}
