import { setTimeout } from 'node:timers/promises';
import { DatabaseError, type PoolClient } from 'pg';
import { isRaced, markUndone } from './database-errors.ts';
import { REPEATABLE } from './repeatable.ts';

type Ask<Result> = (client: PoolClient) => Promise<Result>;

/** A connection on loan from the pool. */
export type Lease = {
  /** Has a statement done. @param text the statement @param ask asks the connection for it; called again when it is done again */
  readonly run: <Result>(text: string, ask: Ask<Result>) => Promise<Result>;
  /** Gives the connection back; does nothing when it is back already. */
  readonly release: () => void;
};

const isBegin = (text: string): boolean => /^(begin|start transaction)\b/i.test(text);
const isCommit = (text: string): boolean => /^commit\b/i.test(text);

// A connection may break after it has done what it was told and before it says so: anything else could be done twice.
const isRepeatable = (text: string): boolean => text.startsWith(REPEATABLE) || isBegin(text) || /^\s*select\b/i.test(text);

// Kysely never gives back a connection that fails at one of these: each time, the pool would be smaller by one for good.
const isLastWord = (text: string): boolean => isBegin(text) || /^rollback\b/i.test(text);

// PostgreSQL's class 08 connection, 57P01–5 shutting down, 25P03 idle for too long in a transaction: it hangs up after these.
const farewell = /^(08...|57P0[1-5]|25P03)$/;

/** Whether PostgreSQL has answered and stays on the line. */
const isAlive = (error: unknown): boolean => error instanceof DatabaseError && !farewell.test(error.code ?? '');

/** What node-postgres says when no answer came. The database is likely to keep the next one waiting as well. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** What node-postgres says of a connection that it knows to be broken: the statement has not left. */
const isUnsent = (error: unknown): boolean => error instanceof Error && error.message.endsWith('is not queryable');

/** Milliseconds. Where one connection breaks others do, so that the next one from the pool may be dead as well. */
const PAUSES = [10, 50];

/**
 * Lends a connection. One that breaks, or does not answer in time, is never lent again: it may be in the middle of a
 * transaction. What it broke under is done again on another one, when that was the first thing it was told and is harmless; so is,
 * on the same one, what lost a race outside a transaction.
 * @param connect gets another one
 */
export function lend(first: PoolClient, connect: () => Promise<PoolClient>): Lease {
  let client: PoolClient | null = first;
  let isUntouched = true;
  let isInTransaction = false;

  const giveBack = (isBroken: boolean) => {
    client?.release(isBroken);
    client = null;
  };

  /** @throws the error when another connection would not help */
  const letGo = (error: unknown, text: string) => {
    if (isAlive(error) && !isLastWord(text)) throw error;
    giveBack(true);
    if (isAlive(error) || isTimeout(error)) throw error;
    if (isInTransaction && (isUnsent(error) || !isCommit(text))) markUndone(error);
  };

  async function attempt<Result>(text: string, ask: Ask<Result>, [pause, ...later]: readonly number[]): Promise<Result> {
    if (!client) throw new Error('Connection terminated');
    try {
      const result = await ask(client);
      isInTransaction ||= isBegin(text);
      return result;
    } catch (error) {
      if (!isRaced(error)) letGo(error, text);
      else if (isInTransaction) markUndone(error);
      const isHarmless = isRaced(error) ? !isInTransaction : isUnsent(error) || isRepeatable(text);
      if (pause === undefined || !isHarmless) throw error;
    }
    await setTimeout(pause);
    client ??= await connect();
    return attempt(text, ask, later);
  }

  const run: Lease['run'] = (text, ask) => {
    const pauses = isUntouched ? PAUSES : [];
    isUntouched = false;
    return attempt(text, ask, pauses);
  };
  return { run, release: () => giveBack(false) };
}
