import { hash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import type { Budget, BudgetName } from '../../config/throttling.ts';
import { REPEATABLE } from '../../database/repeatable.ts';

/** What an attempt came to; void: nothing that counts, as when it threw. */
export type AttemptOutcome = 'failure' | 'success' | 'void';

/** A place in a budget. @param account the username, where it is about one @param counts what the budget counts; failures by default */
type Seat = Budget & { readonly budget: BudgetName; readonly of: string; readonly account?: string; readonly counts?: AttemptOutcome };

/** An attempt in all its budgets. @param id null: it counts at once */
export type Booking = { readonly id: string | null; readonly seats: readonly Seat[] };

/** What refuses an attempt. */
export type Refusal = {
  readonly budget: BudgetName;
  readonly key: string;
  /** Whether it depends on attempts that are still under way. */
  readonly isUndecided: boolean;
  /** Milliseconds until the budget is a new one. */
  readonly wait: number;
};

/** Milliseconds after which an attempt is given up for lost, as by a process that died over it. Longer than any takes. */
const LOST = 60_000;

/** Books an attempt in all its budgets, or in none. Null when it was booked. The database settles who comes first. */
export async function book(em: EntityManager, { id, seats }: Booking): Promise<Refusal | null> {
  const statement = `${REPEATABLE} select verdict, key, wait::float8 as wait from reserve_attempts($1::jsonb, $2, $3)`;
  const [row] = await run(em, statement, [write(seats), id, LOST]);
  const seat = seats.find((candidate) => keyOf(candidate) === row?.key);
  return seat ? { budget: seat.budget, key: keyOf(seat), isUndecided: row?.verdict === 'busy', wait: Number(row?.wait) } : null;
}

/**
 * Gives the seats of an attempt back, and counts it where its outcome counts, in the window of time that runs then: so nothing is ever
 * taken off a count. Done twice it changes nothing. Which budgets it has used up.
 */
export async function settle(em: EntityManager, { id, seats }: Booking, outcome: AttemptOutcome): Promise<BudgetName[]> {
  const rows = await run(em, `${REPEATABLE} ${settlement}`, [write(seats, outcome), id]);
  const usedUp = rows.filter(({ isUsedUp }) => isUsedUp === true).map(({ key }) => key);
  return seats.filter((seat) => usedUp.includes(keyOf(seat))).map(({ budget }) => budget);
}

// The rows are locked in the order in which they are booked, or two attempts could wait for each other.
const settlement = `
  with mine as materialized (
    select a.key, w.max, w.ms, w.counts, (extract(epoch from clock_timestamp()) * 1000)::bigint as now
      from attempts a join jsonb_to_recordset($1::jsonb) as w(key text, max int, ms bigint, counts boolean) on w.key = a.key
     where jsonb_exists(a.pending, $2) order by a.key for update of a
  )
  update attempts a
     set pending = a.pending - $2::text,
         points = case when not m.counts then a.points when a.points > 0 and a.expire > m.now then a.points + 1 else 1 end,
         expire = case when not m.counts or a.points > 0 and a.expire > m.now then a.expire else m.now + m.ms end
    from mine m where a.key = m.key
  returning a.key, m.counts and a.points = m.max as "isUsedUp"`;

/** Forgives the failed logins to an account, in the caller's transaction: by a client that proved to be its owner, or by staff. @param names the keys it is counted by */
export async function clearFailures(em: EntityManager, names: readonly string[]): Promise<void> {
  const statement = `
    with mine as materialized (select key from attempts where account = any($1::text[]) order by key for update)
    update attempts a set points = 0 from mine m where a.key = m.key`;
  await run(em, statement, [names.map(digest)]);
}

/** Deletes at most `limit` counts whose time is over, so long ago that nothing booked in it is under way. How many. */
export async function sweepAttempts(em: EntityManager, limit: number): Promise<number> {
  const over = 'select key from attempts where expire < extract(epoch from now()) * 1000 - ? limit ? for update skip locked';
  const rows = await em.execute(`delete from attempts where key in (${over}) returning 1`, [LOST, limit]);
  return rows.length;
}

async function run(em: EntityManager, statement: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const { rows } = await em.getKysely<Record<string, never>>().executeQuery<Record<string, unknown>>(CompiledQuery.raw(statement, values));
  return rows;
}

const write = (seats: readonly Seat[], outcome: AttemptOutcome = 'void'): string =>
  JSON.stringify(
    seats.map(({ account, limit, seconds, counts = 'failure', ...seat }) => ({
      key: keyOf(seat),
      account: account === undefined ? null : digest(account),
      max: limit,
      ms: seconds * 1000,
      counts: counts === outcome,
    })),
  );

/** Hashed: names that people type may be long, or a password in the wrong field. */
const digest = (text: string): string => hash('sha256', text);

const keyOf = ({ budget, of }: Pick<Seat, 'budget' | 'of'>): string => `${budget}:${digest(of)}`;
