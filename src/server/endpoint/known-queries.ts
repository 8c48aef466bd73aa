import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestCache } from '@pothos/plugin-scope-auth';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, getOperationAST } from 'graphql';
import { createLRUCache, type GraphQLParams, type Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { nameOperation } from '../../observability/operation.ts';
import { answerTypeOf } from './accepted.ts';
import { asksForSchema } from './use-staff-introspection.ts';

/** Documents kept; as many as Yoga keeps parsed. */
const MAX_DOCUMENTS = 100;

type Known = { readonly document: DocumentNode; readonly operationName: string | undefined };

/**
 * Queries that Yoga has validated and executed before are executed without its pipeline, which costs more than most queries
 * themselves. A result with errors goes back to Yoga to be masked and answered.
 */
export function createKnownQueries(schema: GraphQLSchema) {
  const known = createLRUCache<Known>({ max: MAX_DOCUMENTS });

  /** Learns what Yoga executes, and gives it the results that `run` came to. */
  const plugin: Plugin<Context & { params: GraphQLParams; executed?: ExecutionResult }> = {
    onExecute({ args: { document, contextValue }, setExecuteFn }) {
      const { params, executed } = contextValue;
      if (executed) return setExecuteFn(() => executed);
      if (params.query && isPlainQuery(document)) known.set(params.query, { document, operationName: nameOf(document) });
    },
  };

  /** The result of a query; undefined when Yoga has to see to it. */
  async function run({ method, headers }: IncomingMessage, params: GraphQLParams, contextValue: Context) {
    if (method !== 'POST' || !headers.accept?.endsWith('json')) return undefined; // events are answered otherwise
    const { query, variables, operationName, extensions } = params;
    const found = typeof query === 'string' ? known.get(query) : undefined;
    if (!found || !isRecord(variables) || !isRecord(extensions)) return undefined;
    if ((operationName ?? found.operationName) !== found.operationName) return undefined;
    nameOperation(contextValue.operation, 'query', found.operationName);
    const args = { schema, document: found.document, contextValue, variableValues: variables };
    const result = await execute({ ...args, options: { maxCoercionErrors: 1 } });
    RequestCache.clearForContext(contextValue); // it is in a WeakMap, and V8's minor collections spare what those hold
    return result;
  }

  return { plugin, run };
}

/** Answers as Yoga does. @param accepted what was negotiated */
export function sendResult(response: ServerResponse, result: ExecutionResult, accepted: string | undefined): void {
  const text = JSON.stringify(result);
  response
    .writeHead(200, { 'Content-Type': `${answerTypeOf(accepted)}; charset=utf-8`, 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

const nameOf = (document: DocumentNode): string | undefined => getOperationAST(document)?.name?.value;

/** One operation, a query that does not ask for the schema: that is for Yoga's plugins to allow. */
const isPlainQuery = (document: DocumentNode): boolean => getOperationAST(document)?.operation === 'query' && !asksForSchema(document);

const isRecord = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
