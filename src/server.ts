import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { promisify } from 'node:util';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import type { Database } from './database/database.ts';
import { graphiqlPage } from './graphql/graphiql.ts';
import { createGraphqlListener } from './graphql/yoga.ts';
import { guardApi } from './http/guard-api.ts';
import { readiness } from './http/readiness.ts';
import { respond } from './http/respond.ts';
import { sweepExpiredLinks } from './links/expired-links.ts';
import { createPostOffice } from './mail/post-office.ts';
import { sweepSettledMails } from './mail/settled-mails.ts';
import type { Log } from './observability/log.ts';
import { createPasswords } from './passwords/passwords.ts';
import { createSweeper } from './sweeping/sweeper.ts';
import { sweepExpiredTokens } from './tokens/expired-tokens.ts';
import { Token } from './tokens/token.entity.ts';
import { createTokenWatch } from './tokens/token-watch.ts';
import { createUseRecorder } from './tokens/use-recorder.ts';
import { createViewerLoader } from './tokens/viewer-loader.ts';

type Deps = { readonly config: Config; readonly database: Database; readonly log: Log };

export type Server = {
  /** Where it listens, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops accepting, lets running requests finish and closes idle connections. */
  readonly close: () => Promise<void>;
};

/** Starts the API on `config.host` and `config.port`. The caller opens, migrates and closes the database. */
export async function createServer({ config, database, log }: Deps): Promise<Server> {
  const { em } = database.orm;
  const passwords = createPasswords({ cost: config.bcryptCost, minLength: config.passwordMinLength });
  const { tokenPolicy } = config;
  const tokens = em.getRepository(Token);
  const findViewer = createViewerLoader(tokens);
  const uses = createUseRecorder({ write: (ids) => tokens.noteUse(ids, tokenPolicy), log });
  const tokenWatch = createTokenWatch({ tokens, listen: database.listen });
  const sweeper = createSweeper({ em, sweeps: [sweepExpiredTokens, sweepExpiredLinks, sweepSettledMails], log });
  const mail = config.mail && createPostOffice({ em, settings: config.mail, log });
  const graphql = createGraphqlListener({
    ...config,
    log,
    createContext: createContext({
      em,
      passwords,
      tokenPolicy,
      registrationOpen: config.registrationOpen,
      mail,
      findViewer,
      noteUse: uses.note,
      tokenWatch,
    }),
  });
  const page = config.graphiql ? await graphiqlPage() : undefined;
  const api = guardApi(graphql, { corsOrigins: config.corsOrigins, page });
  const http = createHttpServer(route({ api, database }));
  http.listen(config.port, config.host);
  await once(http, 'listening');
  const close = async () => {
    const closed = promisify(http.close.bind(http))();
    await tokenWatch.stop(); // ends the subscriptions, whose connections would stay open for ever
    await closed;
    await Promise.all([uses.stop(), sweeper.stop(), mail?.stop()]);
  };
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${port}`, close };
}

/** Sends each request where its path says; nothing answers by accident. */
function route({ api, database }: { api: RequestListener; database: Database }): RequestListener {
  return (request, response) => {
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
