import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Log } from '../observability/log.ts';
import type { Context } from './builder.ts';
import { boundedCache, useLimits } from './limits.ts';
import { createErrorMask } from './mask-error.ts';
import { schema } from './schema.ts';
import { useCsrfPrevention } from './use-csrf-prevention.ts';
import { useDiscreetErrors } from './use-discreet-errors.ts';
import { useStaffIntrospection } from './use-staff-introspection.ts';
import { useStrictParams } from './use-strict-params.ts';
import { useValidation } from './use-validation.ts';

type Options = {
  readonly createContext: (initial: { request: Request; req: IncomingMessage }) => Promise<Context>;
  readonly log: Log;
  readonly introspection: boolean;
  readonly production: boolean;
};

/** The GraphQL endpoint as a listener for node:http, which routes to it and has checked the request's outside. */
export function createGraphqlListener({ createContext, log, introspection, production }: Options): RequestListener {
  return createYoga<{ req: IncomingMessage; res: ServerResponse }>({
    schema,
    context: createContext,
    plugins: [
      ...(production ? [useCsrfPrevention()] : []), // elsewhere people try a query in the address bar
      useStrictParams(),
      useLimits(),
      useValidation({ introspection }),
      ...(introspection ? [] : [useStaffIntrospection()]),
      useDiscreetErrors(),
    ],
    maskedErrors: { maskError: createErrorMask(log) },
    parserAndValidationCache: boundedCache(),
    // node:http in front of Yoga does these; Yoga's body limit wraps every body in a stream and halves the throughput.
    cors: false,
    graphiql: false,
    maxRequestBodySize: false,
    landingPage: false,
    multipart: false,
    batching: false,
    logging: false,
    healthCheckEndpoint: ' ', // Yoga would answer any URL that ends like this, and none can
  });
}
