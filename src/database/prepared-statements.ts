import type { PGlite } from '@electric-sql/pglite';
import type { Lease } from './lease.ts';

/** A statement that each connection parses and plans once. */
export type Statement = {
  /** Of this text and no other, in any version: two of them may share a connection of PgBouncer. */
  readonly name: string;
  readonly text: string;
};

/** Runs a statement on a connection of its own, outside any transaction. */
export type RunPrepared = <Row extends object>(statement: Statement, values: unknown[]) => Promise<Row[]>;

// There is no such prepared statement, or there is one already: a pooler has changed the connection behind our back.
const isElsewhere = (error: unknown): boolean => error instanceof Error && 'code' in error && /^(26000|42P05)$/.test(String(error.code));

/**
 * Prepares statements until it turns out that a pooler does not let it: PgBouncer in transaction mode, before 1.21 or with
 * max_prepared_statements = 0. Then nothing has been run, and from then on each is sent whole.
 */
export function preparedOnPostgres(connect: () => Promise<Lease>): RunPrepared {
  let mayPrepare = true;

  const ask = async <Row extends object>(query: Partial<Statement> & { text: string; values: unknown[] }) => {
    const { run, release } = await connect();
    try {
      const { rows } = await run(query.text, (client) => client.query<Row>(query));
      return rows;
    } finally {
      release();
    }
  };

  return async <Row extends object>({ name, text }: Statement, values: unknown[]) => {
    if (!mayPrepare) return ask<Row>({ text, values });
    try {
      return await ask<Row>({ name, text, values });
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      mayPrepare = false;
      return ask<Row>({ text, values });
    }
  };
}

/** The embedded database keeps no plans, and has no way to it that a plan would shorten. */
export const preparedOnPglite =
  (getPglite: () => Promise<PGlite>): RunPrepared =>
  async <Row extends object>({ text }: Statement, values: unknown[]) => {
    const pglite = await getPglite();
    const { rows } = await pglite.query<Row>(text, values);
    return rows;
  };
