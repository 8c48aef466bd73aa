import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestCache } from '@pothos/plugin-scope-auth';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, getOperationAST } from 'graphql';
import { createLRUCache, type GraphQLParams, type Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { nameOperation, type Operation } from '../../observability/operation.ts';
import { answerTypeOf } from './accepted.ts';
import { asksForSchema } from './use-staff-introspection.ts';

/** Documents kept; as many as Yoga keeps parsed. */
const MAX_DOCUMENTS = 100;

type Known = { readonly document: DocumentNode; readonly operationName: string | undefined };

type Asked = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: GraphQLParams;
  readonly context: Context;
};

/**
 * Answers queries that Yoga has validated and executed before without Yoga's pipeline, which costs more than most queries themselves.
 * A result with errors goes to Yoga, which masks it and answers.
 */
export function createKnownQueries(schema: GraphQLSchema) {
  const known = createLRUCache<Known>({ max: MAX_DOCUMENTS });
  const failed = new WeakMap<Operation, ExecutionResult>(); // Yoga copies the context, and keeps the operation in it

  /** Learns what Yoga executes, and gives Yoga the results with errors instead of executing their queries again. */
  const plugin: Plugin<Context & { params: GraphQLParams }> = {
    onExecute({ args: { document, contextValue }, setExecuteFn }) {
      const { params, operation } = contextValue;
      const result = failed.get(operation);
      if (result) return setExecuteFn(() => result);
      if (params.query && isPlainQuery(document)) known.set(params.query, { document, operationName: nameOf(document) });
    },
  };

  /** Whether the query was a known one and has been answered; otherwise Yoga answers it. */
  async function answer({ request: { method, headers }, response, params, context }: Asked): Promise<boolean> {
    if (method !== 'POST' || !headers.accept?.endsWith('json')) return false; // events are answered otherwise
    const found = find(params);
    if (!found) return false;
    nameOperation(context.operation, 'query', found.operationName);
    const args = { schema, document: found.document, contextValue: context, variableValues: params.variables };
    const result = await execute({ ...args, options: { maxCoercionErrors: 1 } });
    RequestCache.clearForContext(context); // it is in a WeakMap, and V8's minor collections spare what those hold
    if (result.errors) failed.set(context.operation, result);
    else sendResult(response, result, headers.accept);
    return !result.errors;
  }

  function find({ query, variables, operationName, extensions }: GraphQLParams): Known | undefined {
    const found = typeof query === 'string' ? known.get(query) : undefined;
    if (!found || !isRecord(variables) || !isRecord(extensions)) return undefined;
    return (operationName ?? found.operationName) === found.operationName ? found : undefined;
  }

  return { plugin, answer };
}

/** Answers as Yoga does. @param accepted what was negotiated */
function sendResult(response: ServerResponse, result: ExecutionResult, accepted: string): void {
  const text = JSON.stringify(result);
  response
    .writeHead(200, { 'Content-Type': `${answerTypeOf(accepted)}; charset=utf-8`, 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

const nameOf = (document: DocumentNode): string | undefined => getOperationAST(document)?.name?.value;

/** One operation, a query that does not ask for the schema: that is for Yoga's plugins to allow. */
const isPlainQuery = (document: DocumentNode): boolean => getOperationAST(document)?.operation === 'query' && !asksForSchema(document);

const isRecord = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
