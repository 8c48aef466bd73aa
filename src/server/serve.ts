import { createServer, type RequestListener } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config/config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { makeReadyInTime } from '../database/make-ready.ts';
import { withWebhooks } from '../features/webhooks/with-webhooks.ts';
import { buildSchema, checkGuards } from '../graphql/schema.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createObserver } from '../observability/observer.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { HashPool } from '../services/passwords/hash-pool.ts';
import { type Feature, limitsOf, scopesOf } from '../shared/feature.ts';
import { type ContextOptions, createContext } from './authentication/create-context.ts';
import { createServices } from './create-services.ts';
import { graphiqlPage } from './endpoint/graphiql.ts';
import { createGraphqlEndpoint } from './endpoint/yoga.ts';
import { boundConnections } from './http/bound-connections.ts';
import { guardApi } from './http/guard-api.ts';
import { drain, listen, timeouts } from './http/listen.ts';
import { type MetricsServer, startMetricsServer } from './http/metrics-server.ts';
import { createPage } from './http/page.ts';
import { createReadiness } from './http/readiness.ts';
import { route } from './http/route.ts';
import { createTokenEndpoints } from './tokens/endpoints.ts';

type Options = {
  readonly config: Config;
  readonly log: Log;
  readonly features: readonly Feature[];
  /** Defaults to threads of this process. */
  readonly hashPool?: HashPool;
  /** Takes what is measured, instead of a port of this process. */
  readonly publish?: (metrics: Metrics) => Promise<void>;
};

export type Server = {
  /** Where it listens, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Says for a while that it is about to stop, then stops listening, lets running requests finish, and closes what it opened. */
  readonly close: () => Promise<void>;
};

/** A server of this process, with what it opened for itself. */
export type Serving = Server & {
  readonly database: Database;
  /** Undefined: Prometheus has no port here. */
  readonly metricsUrl: string | undefined;
};

/** What a server is watched with; null: not wanted. */
type Instruments = { readonly metrics: Metrics | null; readonly tracing: Tracing | null };

/** Serves the API from this process, with a database that is ready for this version. Opens everything in order, closes it in reverse. */
export async function serve({ config, log, hashPool, publish, ...options }: Options): Promise<Serving> {
  const features = await withWebhooks(options.features, config.webhooks);
  const schema = buildSchema();
  checkGuards(schema, scopesOf(features));
  const { metrics, tracing } = await openInstruments(config);
  const metricsServer = publish ? undefined : await serveMetrics({ config, log, metrics });
  if (metrics) await publish?.(metrics);
  const onReplicaAway = (err: unknown) => log.warn({ err }, 'a replica is away; the primary answers for it');
  const database = await openDatabase({ ...config, features, traceQuery: tracing?.query, onReplicaAway });
  await makeReadyInTime({ ...config, database, log });
  const services = createServices({ config, database, features, log, hashPool, metrics });
  const api = await serveApi({ config, log, features, schema, database, context: services.context, metrics, tracing });
  const close = async () => {
    await api.close();
    await services.stop();
    await metricsServer?.close();
    await database.close();
    await tracing?.close();
  };
  return { url: api.url, database, metricsUrl: metricsServer?.url, close };
}

/** Loads what the configuration asks for; the rest costs nothing. */
const openInstruments = async ({ metrics, tracing }: Config): Promise<Instruments> => ({
  metrics: metrics ? (await import('../observability/metrics.ts')).createMetrics() : null,
  tracing: tracing ? (await import('../observability/opentelemetry.ts')).createTracing(tracing) : null,
});

type Measured = Pick<Options, 'config' | 'log'> & { readonly metrics: Metrics | null };

async function serveMetrics({ config, log, metrics }: Measured): Promise<MetricsServer | undefined> {
  if (!metrics || !config.metrics) return undefined;
  return startMetricsServer({ endpoint: config.metrics, collect: () => metrics.registry.metrics(), log });
}

type Api = Pick<Options, 'config' | 'log' | 'features'> &
  Instruments & { readonly schema: GraphQLSchema; readonly database: Database; readonly context: ContextOptions };

/** Starts the API on `config.host` and `config.port`. */
async function serveApi({ config, log, features, schema, database, context, metrics, tracing }: Api): Promise<Server> {
  const observer = createObserver({ log, metrics, trustHop: config.trustHop });
  const trace = tracing?.operation ?? null;
  const graphql = createGraphqlEndpoint({
    ...config,
    limits: limitsOf(features),
    schema,
    log,
    observer,
    trace,
    createContext: createContext(context),
  });
  const page = config.graphiql ? createPage(await graphiqlPage()) : undefined;
  const guarded = guardApi(graphql.listener, { ...config, page, observer, log });
  const api = tracing ? traced(guarded, tracing) : guarded;
  const findPage = await openPages(config, context);
  const stopping = new AbortController();
  const { graphiql, requestTimeout } = config;
  const endpoints = createTokenEndpoints({
    ...context,
    observer,
    log,
    listen: database.listen,
    budgets: config.budgets,
    stopping: stopping.signal,
  });
  const routes = {
    api,
    endpoints: endpoints.byPath,
    observer,
    findPage,
    graphiql,
    requestTimeout,
    readiness: createReadiness(database.orm),
    stopping: stopping.signal,
  };
  const http = createServer(timeouts(config), route(routes));
  const url = await listen(http, config);
  boundConnections(http, { log, databases: config.databasePoolMax * (1 + config.databaseReadUrls.length) });
  const close = async () => {
    stopping.abort();
    await setTimeout(config.shutdownDelay * 1000);
    await drain(http, graphql.hangUp);
    await endpoints.stop();
  };
  return { url, close };
}

/** Loads the pages for people where the configuration asks for them. */
async function openPages({ pages, mail, passwordPolicy, registrationOpen }: Config, { scopes }: ContextOptions) {
  if (!pages) return undefined;
  const { createPages } = await import('./pages/pages.ts');
  const facts = { registration: registrationOpen, mail: mail !== null, minLength: passwordPolicy.minLength, scopes };
  return createPages({ settings: pages, facts });
}

const traced =
  (api: RequestListener, tracing: Tracing): RequestListener =>
  (request, response) =>
    tracing.request(request, response, () => api(request, response));
