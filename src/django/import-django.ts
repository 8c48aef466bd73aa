import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { type Checked, checkBatch } from './check-batch.ts';
import { count, emptyReport, type ImportReport } from './import-report.ts';
import { mergeTokens, stageTokens, type TokenVerdicts, tokenVerdicts } from './merge-tokens.ts';
import { findGone, mergeUsers, rememberUsers, reserveIds, stageUsers, type UserVerdicts, userVerdicts } from './merge-users.ts';
import { withSnapshot } from './snapshot.ts';
import type { TableNames } from './tables.ts';

/** Told how far an import is, in users. */
export type Progress = { readonly start: (total: number) => void; readonly advance: (by: number) => void; readonly stop: () => void };

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
export function importDjango({ em, progress }: Deps, { from, dryRun, size = 4000, ...order }: ImportOrder): Promise<ImportReport> {
  return withSnapshot(from, { ...order, size }, async ({ total, highestId, batches }) => {
    const report = emptyReport(dryRun);
    if (!dryRun) await reserveIds(em.fork(), highestId);
    progress.start(total);
    try {
      for await (const batch of batches()) {
        const range = order.since === null ? batch.range : null;
        add(report, await mergeInTurn(em, checkBatch(batch, report), { range, there: batch.users.map(({ id }) => Number(id)), dryRun }));
        progress.advance(batch.users.length);
      }
    } finally {
      progress.stop();
    }
    return report;
  });
}

type Scope = {
  /** Where to look for users who are gone from Django; null: nowhere. */
  readonly range: readonly [string, string] | null;
  readonly there: readonly number[];
  readonly dryRun: boolean;
};
type Merged = {
  readonly users: UserVerdicts;
  readonly tokens: TokenVerdicts;
  readonly ended: number;
  readonly gone: readonly { readonly id: number }[];
};

const ATTEMPTS = 3;

/** Somebody may register a name while a batch is being written: then the batch is looked at again. */
async function mergeInTurn(em: EntityManager, checked: Checked, scope: Scope, attempt = 1): Promise<Merged> {
  try {
    return await em.fork().transactional((transaction) => merge(transaction, checked, scope));
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException) || attempt === ATTEMPTS) throw error;
    return mergeInTurn(em, checked, scope, attempt + 1);
  }
}

async function merge(em: EntityManager, { users, tokens }: Checked, { range, there, dryRun }: Scope): Promise<Merged> {
  await em.execute("select pg_advisory_xact_lock(hashtext('graphql-token-auth:import-django'))"); // imports take turns
  await stageUsers(em, users);
  if (!dryRun) await mergeUsers(em);
  await stageTokens(em, tokens);
  const ended = dryRun ? 0 : await mergeTokens(em);
  if (!dryRun) await rememberUsers(em);
  const gone = range ? await findGone(em, range, there) : [];
  return { users: await userVerdicts(em), tokens: await tokenVerdicts(em), ended, gone };
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
