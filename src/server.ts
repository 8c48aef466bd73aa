import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import type { Database } from './database/database.ts';
import { graphiqlPage } from './graphql/graphiql.ts';
import { createGraphqlListener } from './graphql/yoga.ts';
import { guardApi } from './http/guard-api.ts';
import { createPage } from './http/page.ts';
import { readiness } from './http/readiness.ts';
import { respond } from './http/respond.ts';
import { timeouts } from './http/timeouts.ts';
import type { Log } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import { createObserver, type Observer } from './observability/observer.ts';
import type { Tracing } from './observability/tracing.ts';
import { createServices } from './services.ts';

type Deps = {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  /** Null: nothing is measured. */
  readonly metrics?: Metrics | null;
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
export async function createServer({ config, database, log, metrics = null, tracing = null }: Deps): Promise<Server> {
  const services = createServices({ config, database, log, metrics });
  const observer = createObserver({ log, metrics, trustHop: config.trustHop });
  const trace = tracing?.operation ?? null;
  const graphql = createGraphqlListener({ ...config, log, observer, trace, createContext: createContext(services.context) });
  const page = config.graphiql ? createPage(await graphiqlPage()) : undefined;
  const api = guardApi(graphql, { corsOrigins: config.corsOrigins, page, observer });
  const http = createHttpServer(timeouts(config.requestTimeout), route({ api: tracing ? traced(api, tracing) : api, database, observer }));
  http.listen(config.port, config.host);
  await once(http, 'listening');
  const close = async () => {
    const closed = promisify(http.close.bind(http))();
    await services.context.tokenWatch.stop(); // ends the subscriptions, whose connections would stay open for ever
    const idle = setInterval(() => http.closeIdleConnections(), 50); // kept alive by requests that ended meanwhile
    await closed.finally(() => clearInterval(idle));
    await services.stop();
  };
  return { url: urlOf(http.address(), config), close };
}

function urlOf(address: AddressInfo | string | null, { host, port }: Config): string {
  const chosen = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}

type Routes = { readonly api: RequestListener; readonly database: Database; readonly observer: Observer };

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, database, observer }: Routes): RequestListener {
  const answer: RequestListener = (request, response) => {
    switch (pathOf(request)) {
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return readiness(database.orm, response);
      default:
        return respond(response, 404, 'There is nothing here. The API is at /graphql.');
    }
  };
  return async (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff'); // or a browser might take an answer for a script or a page
    observer.identify(request, response);
    if (pathOf(request) === '/graphql') return api(request, response);
    await answer(request, response);
    observer.note(request, response);
  };
}

const traced =
  (api: RequestListener, tracing: Tracing): RequestListener =>
  (request, response) =>
    tracing.request(request, response, () => api(request, response));

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
