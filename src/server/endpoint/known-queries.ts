import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestCache } from '@pothos/plugin-scope-auth';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, getOperationAST, OperationTypeNode } from 'graphql';
import { createLRUCache, type GraphQLParams, type Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { nameOperation, type Operation } from '../../observability/operation.ts';
import { answerTypeOf } from './accepted.ts';
import { createRefusals, type Refusals, type Refused, sendRefusal } from './refusals.ts';
import { asksForSchema } from './use-staff-introspection.ts';

/** Documents kept; as many as Yoga keeps parsed. */
const MAX_DOCUMENTS = 100;

type Known = {
  readonly document: DocumentNode;
  readonly type: OperationTypeNode;
  readonly operationName: string | undefined;
  /** Null: it is never refused as a whole. */
  readonly refusals: Refusals | null;
};

type Asked = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: GraphQLParams;
  readonly context: Context;
};

/**
 * Answers queries that Yoga has validated and executed before without Yoga's pipeline, which costs more than most queries themselves.
 * A result with errors goes to Yoga, which masks it and answers. Who may have nothing of what is asked for gets a refusal that is kept:
 * to make its errors costs more than to look the token up, and strangers may send keys that are made up as fast as they like.
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
      const learnt = params.query ? learn(schema, document) : null;
      if (params.query && learnt) known.set(params.query, learnt);
    },
  };

  /** Whether the query was a known one and has been answered; otherwise Yoga answers it. */
  async function answer({ request: { method, headers }, response, params, context }: Asked): Promise<boolean> {
    if (method !== 'POST' || !headers.accept?.endsWith('json')) return false; // events are answered otherwise
    const found = find(params);
    if (!found) return false;
    const refusal = found.refusals?.find(context, params.variables) ?? null;
    if (found.type !== OperationTypeNode.QUERY && !refusal) return false;
    nameOperation(context.operation, found.type, found.operationName);
    if (refusal?.kept) return refuse(response, refusal.kept, headers.accept, context.operation);
    const args = { schema, document: found.document, contextValue: context, variableValues: params.variables };
    const result = await execute({ ...args, options: { maxCoercionErrors: 1 } });
    RequestCache.clearForContext(context); // it is in a WeakMap, and V8's minor collections spare what those hold
    const refused = refusal?.keep(result);
    if (refused) return refuse(response, refused, headers.accept, context.operation);
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

function refuse(response: ServerResponse, refused: Refused, accepted: string, operation: Operation): true {
  operation.error = refused.code;
  sendRefusal(response, refused, accepted);
  return true;
}

/** Answers as Yoga does. @param accepted what was negotiated */
function sendResult(response: ServerResponse, result: ExecutionResult, accepted: string): void {
  const text = JSON.stringify(result);
  response
    .writeHead(200, { 'Content-Type': `${answerTypeOf(accepted)}; charset=utf-8`, 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

const nameOf = (document: DocumentNode): string | undefined => getOperationAST(document)?.name?.value;

/**
 * One operation: a query that does not ask for the schema, which is for Yoga's plugins to allow, or a mutation that may be refused
 * as a whole. Null for others.
 */
function learn(schema: GraphQLSchema, document: DocumentNode): Known | null {
  const type = getOperationAST(document)?.operation;
  if (!type || type === OperationTypeNode.SUBSCRIPTION || asksForSchema(document)) return null;
  const refusals = createRefusals(schema, document);
  return type === OperationTypeNode.MUTATION && !refusals ? null : { document, type, operationName: nameOf(document), refusals };
}

const isRecord = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
