/** The settings that our statements and the parsing of their results rely on. A server, a database or a role may set them differently. */
const settings = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  bytea_output: 'hex',
  array_nulls: 'on',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  lock_timeout: '0', // statement_timeout ends a wait for a lock
  log_parameter_max_length_on_error: '0', // hashes and keys are parameters
};

type Session = {
  /** Milliseconds that a statement may take, and a transaction may idle between two statements; null: the server's setting. */
  readonly timeout: number | null;
};

/**
 * The statement that sets up a connection. It is a statement because PgBouncer refuses a connection that asks for most of these settings
 * at startup. In its transaction mode PgBouncer keeps only the first few, so BEGIN states the isolation level again.
 */
export function sessionStatement({ timeout }: Session): string {
  const timeouts = timeout === null ? {} : { statement_timeout: timeout, idle_in_transaction_session_timeout: timeout };
  const all = Object.entries({ ...settings, ...timeouts });
  return `select ${all.map(([name, value]) => `set_config('${name}', '${value}', false)`).join(', ')}`;
}

/** Begins a transaction at a fixed isolation level: the database's own default may differ. */
export const BEGIN = 'begin isolation level read committed';
