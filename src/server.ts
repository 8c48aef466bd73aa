import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { createContext } from './context.ts';
import type { Database } from './database/database.ts';
import { graphiqlPage } from './graphql/graphiql.ts';
import { createGraphqlListener } from './graphql/yoga.ts';
import { guardApi } from './http/guard-api.ts';
import { listen } from './http/listen.ts';
import { createPage } from './http/page.ts';
import { readiness } from './http/readiness.ts';
import { respond } from './http/respond.ts';
import { timeouts } from './http/timeouts.ts';
import { createObserver, type Observer } from './observability/observer.ts';
import type { Tracing } from './observability/tracing.ts';
import { createServices, type ServiceOptions } from './services.ts';

type Options = ServiceOptions & {
  /** Null: nothing is traced. The caller closes it. */
  readonly tracing?: Tracing | null;
};

export type Server = {
  /** Where it listens, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops accepting, lets running requests finish and closes idle connections. */
  readonly close: () => Promise<void>;
};

/** Starts the API on `config.host` and `config.port`. The caller opens, migrates and closes the database. */
export async function createServer({ tracing = null, ...options }: Options): Promise<Server> {
  const { config, database, log, metrics = null } = options;
  const services = createServices(options);
  const observer = createObserver({ log, metrics, trustHop: config.trustHop });
  const trace = tracing?.operation ?? null;
  const graphql = createGraphqlListener({ ...config, log, observer, trace, createContext: createContext(services.context) });
  const page = config.graphiql ? createPage(await graphiqlPage()) : undefined;
  const guarded = guardApi(graphql, { corsOrigins: config.corsOrigins, page, observer });
  const api = tracing ? traced(guarded, tracing) : guarded;
  const http = createHttpServer(timeouts(config.requestTimeout), route({ api, database, observer }));
  const url = await listen(http, config);
  const close = async () => {
    const closed = promisify(http.close.bind(http))();
    await services.context.tokenWatch.stop(); // ends the subscriptions, whose connections would stay open for ever
    const idle = setInterval(() => http.closeIdleConnections(), 50); // kept alive by requests that ended meanwhile
    await closed.finally(() => clearInterval(idle));
    await services.stop();
  };
  return { url, close };
}

type Routes = { readonly api: RequestListener; readonly database: Database; readonly observer: Observer };

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, database, observer }: Routes): RequestListener {
  const answer = (path: string, response: ServerResponse): Promise<void> | void => {
    switch (path) {
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return readiness(database.orm, response);
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
