import type { PGlite } from '@electric-sql/pglite';
import type { Pool } from 'pg';

/** A statement that each connection parses and plans once. */
export type Statement = { readonly name: string; readonly text: string };

/** Runs a statement on a connection of its own, outside any transaction. */
export type RunPrepared = <Row extends object>(statement: Statement, values: unknown[]) => Promise<Row[]>;

export const preparedOnPostgres =
  (getPool: () => Promise<Pool>): RunPrepared =>
  async <Row extends object>({ name, text }: Statement, values: unknown[]) => {
    const pool = await getPool();
    const { rows } = await pool.query<Row>({ name, text, values });
    return rows;
  };

/** The embedded database keeps no plans, and has no way to it that a plan would shorten. */
export const preparedOnPglite =
  (getPglite: () => Promise<PGlite>): RunPrepared =>
  async <Row extends object>({ text }: Statement, values: unknown[]) => {
    const pglite = await getPglite();
    const { rows } = await pglite.query<Row>(text, values);
    return rows;
  };
