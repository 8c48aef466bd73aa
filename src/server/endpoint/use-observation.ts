import type { ServerResponse } from 'node:http';
import { isAsyncIterable } from '@graphql-tools/utils';
import { type DocumentNode, getOperationAST } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Observer } from '../../observability/observer.ts';
import { nameOperation, type Operation } from '../../observability/operation.ts';

type Observed = { readonly operation: Operation; readonly res: ServerResponse };

/** Notes what an operation is and what it comes to, on the way through Yoga. */
export const useObservation = ({ finish }: Observer): Plugin<Observed & { params: GraphQLParams }, Observed> => ({
  onValidate({ params: { documentAST }, context }) {
    nameByDocument(context.operation, documentAST, context.params.operationName);
  },
  onResultProcess({ result, serverContext: { operation, res } }) {
    if (isAsyncIterable(result)) {
      operation.isStream = true;
      res.once('close', () => finish(operation));
    } else if (!Array.isArray(result)) operation.error = codeOf(result.errors?.[0]?.extensions);
  },
});

function nameByDocument(operation: Operation, document: DocumentNode, name: string | null | undefined): void {
  const definition = getOperationAST(document, name);
  if (definition) nameOperation(operation, definition.operation, definition.name?.value);
}

const codeOf = (extensions: Record<string, unknown> | undefined): string | null => (extensions ? String(extensions.code) : null);
