/** What our statements and the reading of their results rely on: a server, a database or a role may have set it otherwise. */
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
  lock_timeout: '0', // a wait for a lock ends with its statement
  log_parameter_max_length_on_error: '0', // hashes and keys are parameters
};

type Session = {
  /** Milliseconds that a statement, and a transaction between two, may take; null: as the server has it. */
  readonly timeout: number | null;
};

/**
 * The statement that says the settings of a connection. A statement, because PgBouncer refuses a connection that asks for most of
 * them; in its transaction mode it keeps only the first few, and BEGIN says the isolation level once more.
 */
export function sessionStatement({ timeout }: Session): string {
  const timeouts = timeout === null ? {} : { statement_timeout: timeout, idle_in_transaction_session_timeout: timeout };
  const all = Object.entries({ ...settings, ...timeouts });
  return `select ${all.map(([name, value]) => `set_config('${name}', '${value}', false)`).join(', ')}`;
}

/** Begins a transaction whatever the database takes for granted. */
export const BEGIN = 'begin isolation level read committed';
