import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import type { Operation } from '../../observability/operation.ts';
import type { Tracing } from '../../observability/tracing.ts';
import type { Limits } from '../../shared/feature.ts';
import { createKnownQueries } from './known-queries.ts';
import { createOpenStreams, type SubscriptionLimits } from './open-streams.ts';
import { readParams } from './params.ts';
import { useCsrfPrevention } from './use-csrf-prevention.ts';
import { useFirstMistake } from './use-first-mistake.ts';
import { boundedCache, useLimits } from './use-limits.ts';
import { useObservation } from './use-observation.ts';
import { createErrorMask, useSafeErrors } from './use-safe-errors.ts';
import { useStaffIntrospection } from './use-staff-introspection.ts';

type Options = {
  readonly schema: GraphQLSchema;
  /** Looks up the viewer. */
  readonly createContext: (request: IncomingMessage, response: ServerResponse, operation: Operation) => Promise<Context>;
  readonly log: Log;
  readonly observer: Observer;
  /** Null: nothing is traced. */
  readonly trace: Tracing['operation'] | null;
  readonly introspection: boolean;
  /** The app's, where they differ from the server's own. */
  readonly limits: Limits;
  readonly production: boolean;
  readonly subscriptionLimits: SubscriptionLimits;
};

/** What was made of a request before Yoga gets it. */
type Arrival = {
  /** Throws what went wrong, for Yoga to report. */
  readonly getParams: () => GraphQLParams;
  /** Throws what went wrong, for Yoga to report. */
  readonly getContext: () => Context;
  readonly operation: Operation;
};

/** Takes the parameters that have been read, instead of Yoga's parsers. */
const useArrival = (): Plugin<object, Arrival> => ({
  onRequestParse: ({ serverContext, setRequestParser }) => setRequestParser(serverContext.getParams),
});

/** The GraphQL endpoint. */
export type GraphqlEndpoint = {
  /** For node:http, which routes to it and has checked the request's outside. */
  readonly listener: RequestListener;
  /** Breaks the connections of subscriptions. */
  readonly hangUp: () => void;
};

export function createGraphqlEndpoint(options: Options): GraphqlEndpoint {
  const { schema, createContext, log, observer, trace, introspection, limits, production, subscriptionLimits } = options;
  const requestIds = new AsyncLocalStorage<string>({ defaultValue: '' }); // for Yoga only, which masks errors without saying which request they belong to
  const knownQueries = createKnownQueries(schema);
  const openStreams = createOpenStreams(subscriptionLimits);
  const yoga = createYoga<{ req: IncomingMessage; res: ServerResponse } & Arrival>({
    schema,
    context: ({ getContext }) => getContext(),
    plugins: [
      ...(production ? [useCsrfPrevention()] : []), // elsewhere people try a query in the address bar
      useArrival(),
      useLimits({ introspection, limits }),
      ...(introspection ? [] : [useStaffIntrospection()]),
      useFirstMistake(),
      knownQueries.plugin,
      openStreams.plugin,
      useSafeErrors(),
      useObservation(observer),
    ],
    maskedErrors: { maskError: createErrorMask({ log, requestId: () => requestIds.getStore() ?? '' }) },
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

  /** Looks the viewer up when the whole request is here, or a slow one could outlive its token. Null: it has been answered already. */
  async function arrive(request: IncomingMessage, response: ServerResponse, operation: Operation): Promise<Arrival | null> {
    try {
      const params = await readParams(request);
      const context = await createContext(request, response, operation);
      if (await knownQueries.answer({ request, response, params, context })) return null;
      return { operation, getParams: () => params, getContext: () => context };
    } catch (error) {
      return { operation, getParams: () => rethrow(error), getContext: () => rethrow(error) };
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse, operation: Operation): Promise<void> {
    const arrival = await arrive(request, response, operation);
    if (arrival) await requestIds.run(operation.requestId, () => yoga.handle(request, response, arrival));
    if (!operation.isStream) observer.finish(operation);
  }

  const listener: RequestListener = (request, response) => {
    const operation = observer.begin(request, response);
    return trace ? trace(operation, () => answer(request, response, operation)) : answer(request, response, operation);
  };
  return { listener, hangUp: openStreams.hangUp };
}

function rethrow(error: unknown): never {
  throw error;
}
