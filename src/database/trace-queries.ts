import type { ClientBase } from 'pg';
import type { EndSpan } from '../observability/tracing.ts';

/** Begins the span of a statement. */
export type TraceQuery = (statement: string) => EndSpan;

/** Reports each query of a connection. At this one place all go through, MikroORM's, Kysely's and our own; values are not looked at. */
export function traceQueries(client: ClientBase, begin: TraceQuery): void {
  const query = client.query.bind(client);
  const traced = (...args: unknown[]): unknown => {
    const statement = textOf(args[0]);
    if (statement === undefined) return Reflect.apply(query, client, args); // a cursor
    const end = begin(statement);
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
