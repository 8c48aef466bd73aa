import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
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
import { createServices, type ServiceOptions } from './services.ts';

export type Server = {
  /** Where it listens, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops accepting, lets running requests finish and closes idle connections. */
  readonly close: () => Promise<void>;
};

/** Starts the API on `config.host` and `config.port`. The caller opens, migrates and closes the database. */
export async function createServer(options: ServiceOptions): Promise<Server> {
  const { config, database, log } = options;
  const services = createServices(options);
  const graphql = createGraphqlListener({ ...config, log, createContext: createContext(services.context) });
  const page = config.graphiql ? createPage(await graphiqlPage()) : undefined;
  const api = guardApi(graphql, { corsOrigins: config.corsOrigins, page });
  const http = createHttpServer(timeouts(config.requestTimeout), route({ api, database }));
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

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, database }: { api: RequestListener; database: Database }): RequestListener {
  return (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff'); // or a browser might take an answer for a script or a page
    switch (pathOf(request)) {
      case '/graphql':
        return api(request, response);
      case '/livez':
        return respond(response, 200, 'alive');
      case '/readyz':
      case '/health':
        return readiness(database.orm, response);
      default:
        return respond(response, 404, 'There is nothing here. The API is at /graphql.');
    }
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
