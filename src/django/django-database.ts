import { Client, type QueryResult } from 'pg';
import { connectionOf } from '../config/postgres-url.ts';
import { sessionStatement } from '../config/session.ts';
import { OperatorError, reasonOf } from '../shared/operator-error.ts';

/** A transaction in a Django database. Times are read and written as text in UTC: a Date would lose microseconds. */
export type Django = {
  /** The rows that a statement returns. */
  readonly rows: <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** How many rows a statement wrote. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<number>;
};

const CONNECT_TIMEOUT = 10_000; // milliseconds

/**
 * Opens a Django database for `work` in one transaction and always closes it. @param begin how the transaction begins
 * @param end how it ends: `rollback` undoes what `work` did
 * @throws OperatorError for what the operator can mend: no connection, no permission, a table or a row that is not as expected
 */
export async function withDjango<Result>(
  url: string,
  begin: string,
  work: (django: Django) => Promise<Result>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<Result> {
  const client = new Client({
    ...connectionOf(url, 'The URL of the Django database'),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    fallback_application_name: 'graphql-token-auth',
  });
  client.on('error', () => {}); // a statement hears of it
  const ask = <Row extends object>(text: string, values: readonly unknown[] = []): Promise<QueryResult<Row>> =>
    client.query<Row>(text, [...values]).catch(explain);
  try {
    await client.connect().catch(explain);
    await ask(sessionStatement({ timeout: null }));
    await ask(begin);
    const result = await work({
      rows: async <Row extends object>(text: string, values?: readonly unknown[]) => (await ask<Row>(text, values)).rows,
      run: async (text, values) => (await ask(text, values)).rowCount ?? 0,
    });
    await ask(end);
    return result;
  } finally {
    await client.end().catch(() => {}); // and rolls back what is not committed
  }
}

/** Everything that its connection says: what our own database says does not come here. */
function explain(error: Error): never {
  throw new OperatorError(`The Django database: ${reasonOf(error)}`, { cause: error });
}
