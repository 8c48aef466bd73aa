import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation } from './operation.ts';

/** Ends a span. @param error when it failed */
export type EndSpan = (error?: unknown) => void;

/** Spans of requests: HTTP → operation → database. */
export type Tracing = {
  /** Does the work of a request in a span that ends with its answer. */
  readonly request: (request: IncomingMessage, response: ServerResponse, work: () => void) => void;
  /** Does the work of an operation in a span. */
  readonly operation: <Result>(operation: Operation, work: () => Promise<Result>) => Promise<Result>;
  /** Begins the span of a statement. */
  readonly query: (statement: { readonly verb: string; readonly table: string | null }) => EndSpan;
  /** Sends what is left, within a few seconds. */
  readonly close: () => Promise<void>;
};
