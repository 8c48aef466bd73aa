import { isRaw, JsonProperty, raw, type Transaction, Utils } from '@mikro-orm/core';
import { type AbstractSqlConnection, type AbstractSqlPlatform, NativeQueryBuilder } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';

type Query = Parameters<AbstractSqlConnection['execute']>[0];
type Values = Parameters<AbstractSqlConnection['execute']>[1];

type Order = {
  readonly platform: Pick<AbstractSqlPlatform, 'quoteIdentifier'>;
  readonly query: Query;
  readonly values: Values;
  /** The transaction, or else the client; asked for when the statement is sent. */
  readonly client: () => Transaction;
};

type Statement = {
  /** SQL with $1, $2 … */
  readonly text: string;
  /** Takes the place of the client, and sends the values beside the text. */
  readonly via: Transaction;
};

/**
 * Turns MikroORM's placeholders into PostgreSQL's. MikroORM sends one text with the values written into it: hashes, digests and
 * addresses would stand in PostgreSQL's log and in pg_stat_activity.
 */
export function bindStatement({ platform, query, values, client }: Order): Statement {
  const parameters: unknown[] = [];
  const place = (value: unknown): string => {
    if (isRaw(value)) return fill(value.sql, value.params);
    if (Array.isArray(value) && !isJson(value)) return value.map(place).join(', ');
    return `$${parameters.push(isJson(value) ? JSON.stringify(value) : sendable(value))}`;
  };
  const identifier = (name: unknown): string => (isRaw(name) ? place(name) : platform.quoteIdentifier(String(name)));
  const fill = (sql: string, [...left]: readonly unknown[]): string => {
    if (left.length === 0) return sql; // as it is, question marks included
    const fillIn = (mark: string) => (mark === '?' ? place(left.shift()) : identifier(left.shift()));
    return sql.replace(/\\\?|\?\??/g, (mark) => (mark === '\\?' ? '?' : fillIn(mark)));
  };
  const given = query instanceof NativeQueryBuilder ? query.toRaw() : query;
  const { sql, params } = isRaw(given) ? given : raw(given, values);
  const text = fill(sql, params);
  const statement = CompiledQuery.raw(text, parameters);
  return { text, via: { executeQuery: (_inlined: CompiledQuery, options: object) => client().executeQuery(statement, options) } };
}

const isJson = (value: unknown): boolean =>
  Utils.isPlainObject(value) || (typeof value === 'object' && value !== null && JsonProperty in value);

/** Dates with their zone, and as PostgreSQL writes years beyond 9999: the drivers would write local time. */
function sendable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/^\+/, '');
  return typeof value === 'bigint' ? String(value) : value;
}
