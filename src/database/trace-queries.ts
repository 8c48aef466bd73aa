import { type EntityClass, EntitySchema } from '@mikro-orm/core';
import type { ClientBase } from 'pg';
import type { EndSpan } from '../observability/tracing.ts';
import type { Feature } from '../shared/feature.ts';

/** What a statement does, without its text. */
export type StatementSummary = { readonly verb: string; readonly table: string | null };

/** How the statements of a database are traced. */
export type QueryTrace = {
  /** Begins the span of a statement. */
  readonly begin: (statement: StatementSummary) => EndSpan;
  readonly tables: RegExp;
};

const verbs = /^\s*(?:\/\*.*?\*\/\s*)?(select|insert|update|delete|with|begin|start|commit|rollback|savepoint|release|set)\b/i;

const tableOf = (entity: EntityClass | EntitySchema): string | undefined =>
  (entity instanceof EntitySchema ? entity : EntitySchema.REGISTRY.get(entity))?.meta.tableName;

/** Finds the table that a statement is about: one of the features', so that no other word of it gets into a span. */
export function tablesOf(features: readonly Feature[]): RegExp {
  const names = features.flatMap(({ entities = [], tables = [] }) => [...entities.map(tableOf), ...tables]);
  return new RegExp(`\\b(?:from|into|update) "?(${[...names, 'migrations'].join('|')})\\b`, 'i');
}

/** Reports each query of a connection. At this one place all go through: MikroORM's, Kysely's and our own. */
export function traceQueries(client: ClientBase, { begin, tables }: QueryTrace): void {
  const query = client.query.bind(client);
  const traced = (...args: unknown[]): unknown => {
    const text = textOf(args[0]);
    if (text === undefined) return Reflect.apply(query, client, args); // a cursor
    const end = begin({ verb: verbs.exec(text)?.[1]?.toUpperCase() ?? 'SQL', table: tables.exec(text)?.[1] ?? null });
    const callback = args.at(-1);
    if (isCallback(callback)) return Reflect.apply(query, client, [...args.slice(0, -1), ending(callback, end)]);
    const result: unknown = Reflect.apply(query, client, args);
    if (result instanceof Promise) result.then(() => end(), end);
    return result;
  };
  Object.defineProperty(client, 'query', { value: traced });
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  const isConfig = typeof query === 'object' && query !== null && 'text' in query && !('submit' in query);
  return isConfig && typeof query.text === 'string' ? query.text : undefined;
}

type Callback = (...args: unknown[]) => unknown;

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

const ending =
  (callback: Callback, end: EndSpan): Callback =>
  (...args) => {
    end(args[0]);
    return callback(...args);
  };
