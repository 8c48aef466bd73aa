import type { RequestListener } from 'node:http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Log } from '../observability/log.ts';
import type { Context } from './builder.ts';
import { graphiqlOptions } from './graphiql.ts';
import { createErrorMask } from './mask-error.ts';
import { schema } from './schema.ts';
import { useDiscreetErrors } from './use-discreet-errors.ts';

type Options = {
  readonly createContext: (initial: { request: Request }) => Promise<Context>;
  readonly log: Log;
  readonly graphiql: boolean;
  readonly introspection: boolean;
};

/** The GraphQL endpoint as a listener for node:http, which routes to it and has checked the request's outside. */
export function createGraphqlListener({ createContext, log, graphiql, introspection }: Options): RequestListener {
  return createYoga({
    schema,
    context: createContext,
    plugins: [useDiscreetErrors(schema), ...(introspection ? [] : [useNoIntrospection()])],
    maskedErrors: { maskError: createErrorMask(log) },
    graphiql: graphiql && graphiqlOptions,
    renderGraphiQL,
    // node:http in front of Yoga does these; Yoga's body limit wraps every body in a stream and halves the throughput.
    cors: false,
    maxRequestBodySize: false,
    landingPage: false,
    healthCheckEndpoint: '/livez',
    multipart: false,
    batching: false,
    logging: false,
  });
}

const useNoIntrospection = (): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
});
