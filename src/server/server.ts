import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { createObserver, type Observer } from '../observability/observer.ts';
import type { Tracing } from '../observability/tracing.ts';
import { createContext } from './authentication/context.ts';
import { graphiqlPage } from './endpoint/graphiql.ts';
import { createGraphqlEndpoint } from './endpoint/yoga.ts';
import { boundConnections } from './http/bound-connections.ts';
import { drain } from './http/drain.ts';
import { guardApi } from './http/guard-api.ts';
import { listen } from './http/listen.ts';
import { createPage } from './http/page.ts';
import { createReadiness, notReady, type Readiness } from './http/readiness.ts';
import { respond } from './http/respond.ts';
import { hangUpOnIdleReader, timeouts } from './http/timeouts.ts';
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
  const guarded = guardApi(graphql.listener, { ...config, page, observer, log });
  const api = tracing ? traced(guarded, tracing) : guarded;
  const stopping = new AbortController();
  const { graphiql, requestTimeout } = config;
  const routes = { api, observer, graphiql, requestTimeout, readiness: createReadiness(database.orm), stopping: stopping.signal };
  const http = createHttpServer(timeouts(config), route(routes));
  const url = await listen(http, config);
  boundConnections(http, { log, databases: config.databasePoolMax * (1 + config.databaseReadUrls.length) });
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
  /** Whether browsers find GraphiQL at the API. */
  readonly graphiql: boolean;
  /** Seconds; null: for ever. */
  readonly requestTimeout: number | null;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
};

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, observer, graphiql, readiness, requestTimeout, stopping }: Routes): RequestListener {
  const answer = (path: string, response: ServerResponse): Promise<void> | void => {
    switch (path) {
      case '/':
        return graphiql ? respond(response, 302, whereTheApiIs, { Location: API }) : respond(response, 200, whereTheApiIs);
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return stopping.aborted ? notReady(response) : readiness(response);
      default:
        return respond(response, 404, `There is nothing here. ${whereTheApiIs}`);
    }
  };
  const answerAndNote = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    await answer(path, response);
    observer.note(request, response);
  };
  return (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff'); // or a browser might take an answer for a script or a page
    if (stopping.aborted) response.setHeader('Connection', 'close'); // the next request finds another node
    hangUpOnIdleReader(response, requestTimeout);
    observer.identify(request, response);
    const path = pathOf(request);
    if (path === `${API}/`) request.url = request.url?.replace(path, API);
    return path === API || path === `${API}/` ? api(request, response) : answerAndNote(path, request, response);
  };
}

const API = '/graphql';
const whereTheApiIs = `The API is at ${API}.`;

const traced =
  (api: RequestListener, tracing: Tracing): RequestListener =>
  (request, response) =>
    tracing.request(request, response, () => api(request, response));

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
