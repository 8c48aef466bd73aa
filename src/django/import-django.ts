import { DeadlockException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { type Checked, checkBatch } from './check-batch.ts';
import { count, emptyReport, type ImportReport } from './import-report.ts';
import { mergeTokens, stageTokens, type TokenVerdicts } from './merge-tokens.ts';
import { findGone, mergeUsers, rememberUsers, reserveIds, stageUsers, type UserVerdicts, userVerdicts } from './merge-users.ts';
import type { Progress } from './progress.ts';
import { withSnapshot } from './snapshot.ts';
import type { TableNames } from './tables.ts';

type Deps = { readonly em: EntityManager; readonly progress: Progress };

/** What to take over. */
export type ImportOrder = {
  /** The URL of the Django database. */
  readonly from: string;
  readonly names: TableNames;
  /** Only users who joined, logged in or got a token since; null: everybody. */
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
    progress.start(total);
    const merging = new Set<Promise<void>>();
    try {
      for await (const batch of batches()) {
        const checked = checkBatch(batch, report); // while the batches before are being written
        if (merging.size === WRITERS) await Promise.race(merging);
        const scope = { range: order.since === null ? batch.range : null, there: batch.users.map(({ id }) => id), dryRun };
        const merged = mergeAgain(em, checked, scope).then((outcome) => {
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

type Scope = {
  /** Where to look for users who are gone from Django; null: nowhere. */
  readonly range: readonly [string, string] | null;
  readonly there: readonly string[];
  readonly dryRun: boolean;
};
type Merged = {
  readonly users: UserVerdicts;
  readonly tokens: TokenVerdicts;
  readonly ended: number;
  readonly gone: readonly { readonly id: number }[];
};

/** Batches that are written at once. */
const WRITERS = 2;

const ATTEMPTS = 3;

/** Somebody may register a name while a batch is being written, another batch may wait for it: then it is looked at again. */
async function mergeAgain(em: EntityManager, checked: Checked, scope: Scope, attempt = 1): Promise<Merged> {
  try {
    return await em.fork().transactional((transaction) => merge(transaction, checked, { ...scope, careful: attempt > 1 }));
  } catch (error) {
    const isRace = error instanceof UniqueConstraintViolationException || error instanceof DeadlockException;
    if (!isRace || attempt === ATTEMPTS) throw error;
    return mergeAgain(em, checked, scope, attempt + 1);
  }
}

// Without statistics of the staged rows the planner would read the whole of each table for every batch.
const prepare = "select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";

async function merge(
  em: EntityManager,
  { users, tokens }: Checked,
  { range, there, dryRun, careful }: Scope & { careful: boolean },
): Promise<Merged> {
  await em.execute(prepare);
  const planned = await stageUsers(em, users);
  if (!dryRun) await mergeUsers(em, planned, careful);
  const tokenVerdicts = await stageTokens(em, tokens);
  const ended = dryRun ? 0 : await mergeTokens(em, tokenVerdicts);
  if (!dryRun) await rememberUsers(em);
  const gone = range ? await findGone(em, range, there) : [];
  return { users: careful ? await userVerdicts(em) : planned, tokens: tokenVerdicts, ended, gone };
}

const reasons: Record<string, string> = {
  'id-taken': 'somebody else has this id here',
  'username-taken': 'somebody else has this username here',
};

function add(report: ImportReport, { users, tokens, ended, gone }: Merged): void {
  for (const { verdict, count: by } of users.counts) count(report.users, verdict, by);
  for (const { kind, verdict, count: by } of tokens.counts) count(kind === 'token' ? report.tokens : report.knoxTokens, verdict, by);
  count(report.users, 'kept', users.kept);
  count(report.users, 'gone', gone.length);
  report.tokensEnded += ended;
  for (const { id, verdict } of users.refused)
    report.problems.push({ table: 'user', userId: String(id), reason: reasons[verdict] ?? verdict });
  for (const { kind, user_id } of tokens.refused)
    report.problems.push({ table: kind, userId: String(user_id), reason: 'somebody else has this key here' });
  for (const { id } of gone)
    report.problems.push({ table: 'user', userId: String(id), reason: 'no longer in Django, and still here: delete or deactivate them' });
}
