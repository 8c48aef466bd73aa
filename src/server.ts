import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { createContext } from './context.ts';
import { graphiqlPage } from './graphql/graphiql.ts';
import { createGraphqlEndpoint } from './graphql/yoga.ts';
import { drain } from './http/drain.ts';
import { guardApi } from './http/guard-api.ts';
import { listen } from './http/listen.ts';
import { createPage } from './http/page.ts';
import { createReadiness, notReady, type Readiness } from './http/readiness.ts';
import { respond } from './http/respond.ts';
import { timeouts } from './http/timeouts.ts';
import { createObserver, type Observer } from './observability/observer.ts';
import type { Tracing } from './observability/tracing.ts';
import { createServices, type ServiceOptions } from './services.ts';

type Options = ServiceOptions & {
  readonly schema: GraphQLSchema;
  /** Null: nothing is traced. The caller closes it. */
  readonly tracing?: Tracing | null;
};

export type Server = {
  /** Where it listens, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Says for a while that it is about to stop, then stops listening and lets running requests finish. */
  readonly close: () => Promise<void>;
};

/** Starts the API on `config.host` and `config.port`. The caller opens, migrates and closes the database. */
export async function createServer({ schema, tracing = null, ...options }: Options): Promise<Server> {
  const { config, database, log, metrics = null } = options;
  const services = createServices(options);
  const observer = createObserver({ log, metrics, trustHop: config.trustHop });
  const trace = tracing?.operation ?? null;
  const graphql = createGraphqlEndpoint({ ...config, schema, log, observer, trace, createContext: createContext(services.context) });
  const page = config.graphiql ? createPage(await graphiqlPage()) : undefined;
  const guarded = guardApi(graphql.listener, { corsOrigins: config.corsOrigins, page, observer });
  const api = tracing ? traced(guarded, tracing) : guarded;
  const stopping = new AbortController();
  const routes = { api, observer, readiness: createReadiness(database.orm), stopping: stopping.signal };
  const http = createHttpServer(timeouts(config.requestTimeout), route(routes));
  const url = await listen(http, config);
  const close = async () => {
    stopping.abort();
    await setTimeout(config.shutdownDelay * 1000);
    await drain(http, graphql.hangUp);
    await services.stop();
  };
  return { url, close };
}

type Routes = {
  readonly api: RequestListener;
  readonly observer: Observer;
  readonly readiness: Readiness;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
};

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, observer, readiness, stopping }: Routes): RequestListener {
  const answer = (path: string, response: ServerResponse): Promise<void> | void => {
    switch (path) {
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return stopping.aborted ? notReady(response) : readiness(response);
      default:
        return respond(response, 404, 'There is nothing here. The API is at /graphql.');
    }
  };
  const answerAndNote = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    await answer(path, response);
    observer.note(request, response);
  };
  return (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff'); // or a browser might take an answer for a script or a page
    if (stopping.aborted) response.setHeader('Connection', 'close'); // the next request finds another node
    observer.identify(request, response);
    const path = pathOf(request);
    return path === '/graphql' ? api(request, response) : answerAndNote(path, request, response);
  };
}

const traced =
  (api: RequestListener, tracing: Tracing): RequestListener =>
  (request, response) =>
    tracing.request(request, response, () => api(request, response));

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
