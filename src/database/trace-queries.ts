import type { ClientBase } from 'pg';
import type { EndSpan } from '../observability/tracing.ts';

/** What a statement does, without its text: MikroORM writes values into that, password hashes among them. */
export type StatementSummary = { readonly verb: string; readonly table: string | null };

/** Begins the span of a statement. */
export type TraceQuery = (statement: StatementSummary) => EndSpan;

const verbs = /^\s*(?:\/\*.*?\*\/\s*)?(select|insert|update|delete|with|begin|start|commit|rollback|savepoint|release|set)\b/i;

// By name, so that no word out of a value can be taken for one.
const tables =
  /\b(?:from|into|update) "?(users|tokens|security_events|links|mails|password_reset_requests|attempts|reserve_attempts|sign_in_places|migrations)\b/i;

/** Reports each query of a connection. At this one place all go through: MikroORM's, Kysely's and our own. */
export function traceQueries(client: ClientBase, begin: TraceQuery): void {
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
